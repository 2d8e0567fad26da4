// The extension host under Node's own profiler, by its inspector.

import WebSocket from "ws";

/** Profile while `run` runs; the profile is in the form of the Chrome DevTools protocol. */
export async function profiled(port, run) {
  const targets = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
  const session = await Session.open(targets[0].webSocketDebuggerUrl);
  try {
    await session.ask("Profiler.enable");
    // Microseconds between two looks at what runs.
    await session.ask("Profiler.setSamplingInterval", { interval: 200 });
    await session.ask("Profiler.start");
    await run();
    return (await session.ask("Profiler.stop")).profile;
  } finally {
    session.close();
  }
}

class Session {
  waiting = new Map();
  number = 0;

  static async open(url) {
    const session = new Session();
    session.socket = new WebSocket(url);
    await new Promise((resolve, reject) => session.socket.on("open", resolve).on("error", reject));
    session.socket.on("message", (data) => {
      const { id, result, error } = JSON.parse(data);
      const [resolve, reject] = session.waiting.get(id) ?? [];
      session.waiting.delete(id);
      if (error !== undefined) {
        reject?.(new Error(error.message));
      } else {
        resolve?.(result);
      }
    });
    return session;
  }

  ask(method, params = {}) {
    this.number += 1;
    this.socket.send(JSON.stringify({ id: this.number, method, params }));
    return new Promise((resolve, reject) => this.waiting.set(this.number, [resolve, reject]));
  }

  close() {
    this.socket.close();
  }
}
