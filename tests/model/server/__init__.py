"""A server that speaks Ollama's protocol with a small model that really computes.

    http.py ─▶ app.py ─▶ models.py   what is installed, pulled and deleted
                     └─▶ loaded.py   what is in memory, one request at a time ─▶ runner.py llama.cpp

It exists so that a test can go the whole way: our adapter, the `ollama` client, a socket, a real
model with a real cache. It speaks what the tests exercise and answers 501 to the rest, so that
nobody takes silence for support.

"docs/..." in a comment means Ollama's published documentation, in its repository ollama/ollama;
docs/api.md is the API, docs/api/*.mdx and docs/faq.mdx say what that leaves out.
"""

import os

# Threads that wait by spinning would take the second core from the tests beside them. OpenMP reads
# this once, when llama.cpp is loaded.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")
