using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "worker", worker = .worker),
    # What Workers may connect to: nothing but addresses of private networks, this machine's among them.
    (name = "network", network = (allow = ["private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:8787", http = (), service = "worker")],
);

const worker :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  bindings = [
    (name = "AUTHORITY", text = embed "authority.pem"),
    (name = "CERTIFICATE", text = embed "certificate.pem"),
    (name = "KEY", text = embed "key.pem"),
    (name = "SERVER", fromEnvironment = "SERVER"),
  ],
  compatibilityDate = "2026-11-17",
  globalOutbound = "network",
);
