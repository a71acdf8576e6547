#!/bin/sh
# Takes the room of the collector's queues on their disk before the collector starts. Once somebody else has filled the disk,
# a queue without room of its own can neither take nor give back anything. Needs fallocate of util-linux.
set -eu
umask 077
directory=${OTELCOL_QUEUE_DIR:-./queue}
bytes=${OTELCOL_QUEUE_BYTES:-268435456}

mkdir -p "$directory"
for exporter in otlp_grpc_jaeger_traces otlp_http_loki_logs; do
  file=$directory/exporter_$exporter
  touch "$file"
  # Twice: between items of different size there are gaps (measured: up to 1.8 times the bytes).
  fallocate --keep-size --length "$((2 * bytes))" "$file" || {
    echo "reserve-queue: $directory has no room for $((2 * bytes)) bytes of each queue, or its file system cannot keep any." >&2
    echo "reserve-queue: make room, set OTELCOL_QUEUE_BYTES lower, or OTELCOL_QUEUE_DIR to another disk." >&2
    exit 1
  }
done
