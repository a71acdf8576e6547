// Loads a compose file as compose does: the official schema, and what it cannot say (undefined volumes, networks, dependencies).
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	options, err := cli.NewProjectOptions(os.Args[1:2], cli.WithProfiles([]string{"*"}), cli.WithName("agentel"))
	if err == nil {
		var project, failed = options.LoadProject(context.Background())
		err = failed
		if err == nil {
			for _, service := range project.Services {
				fmt.Println(service.Name, service.Image)
			}
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
