"""imprint over HTTP: what an OpenAI client expects, the memory's own routes, and room for pages.

run.py        opens the model, binds the port, serves until a signal
app.py        `make_app(state)`: routes, error handlers, guards
state.py      `State`: everything the routes and pages work with; `caller(request)` says whose users may be named
chat.py       POST /v1/chat/completions        schema.py, replies.py: its input and its server-sent events
memory.py     /v1/memory/{user}/...            users.py: the same as plain Python, for pages too
engine.py     the queue and the thread that runs the model; sleeper.py: sleep in the background, between requests
scope.py      a client's user id -> the name it is kept under, inside its key's scope
callers.py    who asks, by key or sign-in, and how often: limits.py, sessions.py
guard.py, errors.py, access.py, metrics.py: what every request passes

Pages are mounted in `pages/__init__.py`: `router(state)` returns the APIRouter that the app includes last, without a
prefix. A page asks `state.users` for what the JSON routes show, and `caller(request)` for whose.
"""
