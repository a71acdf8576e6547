"""
Records what a Python instrumentation sends for a small run: python record.py openinference|openllmetry FILE.otlp
The recordings beside this file were made with Python 3.11, openai 3.57.0, opentelemetry-sdk 1.45.2,
openinference-instrumentation-openai 0.1.66 and opentelemetry-instrumentation-openai 0.62.4 (OpenLLMetry).
The model is pretended, everything else is as it comes from PyPI.
"""
import json, sys, threading
from http.server import BaseHTTPRequestHandler, HTTPServer

library, out = sys.argv[1:]
bodies = []


class Server(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/v1/traces":
            bodies.append(body)
            return self.reply(200, b"", "application/x-protobuf")
        asked = json.loads(body)
        if self.path.endswith("/embeddings"):
            answer = {"object": "list", "model": "text-embedding-3-small", "data": [{"object": "embedding", "index": 0, "embedding": [0.1, 0.2]}], "usage": {"prompt_tokens": 5, "total_tokens": 5}}
            return self.reply(200, json.dumps(answer).encode())
        if asked["model"] == "gpt-4.1":
            return self.reply(400, json.dumps({"error": {"message": "max_tokens is too large: 99999", "type": "invalid_request_error", "code": None, "param": "max_tokens"}}).encode())
        usage = {"prompt_tokens": 120, "completion_tokens": 30, "total_tokens": 150}
        if asked.get("stream"):
            base = {"id": "chatcmpl-2", "object": "chat.completion.chunk", "created": 1, "model": "gpt-4o-mini-2024-07-18"}
            parts = [{"role": "assistant", "content": "It rains "}, {"content": "in Oslo."}, {}]
            chunks = [{**base, "choices": [{"index": 0, "delta": p, "finish_reason": None if p else "stop"}], "usage": None} for p in parts]
            chunks.append({**base, "choices": [], "usage": {"prompt_tokens": 160, "completion_tokens": 12, "total_tokens": 172}})
            text = "".join(f"data: {json.dumps(c)}\n\n" for c in chunks) + "data: [DONE]\n\n"
            return self.reply(200, text.encode(), "text/event-stream")
        call = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": '{"city":"Oslo"}'}}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
        answer = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-4o-mini-2024-07-18", "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}], "usage": usage}
        self.reply(200, json.dumps(answer).encode())

    def reply(self, status, body, kind="application/json"):
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


server = HTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider(resource=Resource.create({"service.name": f"python-{library}"}))
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{url}/v1/traces")))
trace.set_tracer_provider(provider)
if library == "openinference":
    from openinference.instrumentation.openai import OpenAIInstrumentor
else:
    from opentelemetry.instrumentation.openai import OpenAIInstrumentor
OpenAIInstrumentor().instrument(tracer_provider=provider)

from openai import BadRequestError, OpenAI

client = OpenAI(api_key="none", base_url=f"{url}/openai/v1", max_retries=0)
tools = [{"type": "function", "function": {"name": "weather", "description": "Weather of a city", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}}]
messages = [{"role": "system", "content": "You know the weather."}, {"role": "user", "content": "Does it rain in Oslo?"}]
with trace.get_tracer("weather-desk").start_as_current_span("weather desk"):
    first = client.chat.completions.create(model="gpt-4o-mini", temperature=0.2, messages=messages, tools=tools)
    call = first.choices[0].message
    messages += [call.model_dump(exclude_none=True), {"role": "tool", "tool_call_id": "call_1", "content": "rain"}]
    stream = client.chat.completions.create(model="gpt-4o-mini", messages=messages, stream=True, stream_options={"include_usage": True})
    for _ in stream:
        pass
    client.embeddings.create(model="text-embedding-3-small", input="rain in Oslo")
    try:
        client.chat.completions.create(model="gpt-4.1", messages=messages[:2], max_tokens=99999)
    except BadRequestError:
        pass
provider.shutdown()
assert len(bodies) == 1, len(bodies)
open(out, "wb").write(bodies[0])
