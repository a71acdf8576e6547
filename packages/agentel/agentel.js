#!/usr/bin/env node
import '@agentel/cli/dist/main.js'
