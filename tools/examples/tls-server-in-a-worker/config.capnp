using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "worker", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:8787", http = (), service = "worker")],
);

const worker :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  bindings = [
    (name = "CERTIFICATE", text = embed "certificate.pem"),
    (name = "KEY", text = embed "key.pem"),
    (name = "CLIENTS", text = embed "clients.pem"),
  ],
  compatibilityDate = "2026-11-17",
);
