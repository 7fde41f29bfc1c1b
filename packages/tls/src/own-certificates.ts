import { type Awaitable, hashOf, run, type Steps, wait } from "@tlskit/crypto";
import type { ClientCredentialRequest, ClientSettings } from "@tlskit/handshake";
import { toHex } from "@tlskit/wire";
import { CertificateCredential, type CertificateWithKey, selectClientCredential } from "./certificate-credential.ts";
import type { ClientOptions } from "./context.ts";
import { bindingOf } from "./session-binding.ts";

/** The certificates that a client has to show. */
export class OwnCertificates {
  readonly #settings: ClientSettings;
  readonly #credentials: readonly CertificateCredential[];
  readonly #choose: ClientOptions["chooseCertificate"];
  /** What was chosen before, checked. */
  readonly #chosen = new WeakMap<CertificateWithKey, CertificateCredential>();
  readonly #makeBinding: (() => Uint8Array) | undefined;
  #binding: Uint8Array | undefined;

  constructor(
    settings: ClientSettings,
    {
      certificates = [],
      chooseCertificate,
      sessionContext,
    }: Pick<ClientOptions, "certificates" | "chooseCertificate" | "sessionContext">,
  ) {
    this.#settings = settings;
    this.#credentials = certificates.map((certificate) => this.#credential(certificate));
    this.#choose = chooseCertificate;
    const leaves = this.#credentials.flatMap(({ certificates: [leaf] }) => leaf ?? []);
    if (leaves.length === 0 && chooseCertificate === undefined && sessionContext === undefined) return;
    const hash = hashOf(settings.provider, "SHA-256");
    // Whom a choice falls on that has no name nobody else knows. A Worker, which makes its context at the top of a module,
    // has no randomness there, but has it when it connects.
    const unnamed = chooseCertificate !== undefined && sessionContext === undefined;
    this.#makeBinding = () => {
      const parts = [sessionContext ?? "", unnamed ? toHex(settings.random(32)) : "", ...leaves.map(toHex)];
      return hash.digest(bindingOf(...parts));
    };
  }

  /**
   * What sessions belong to: whom the server takes the client for when they are resumed. Nothing for a client that has
   * nothing to show.
   */
  get sessionBinding(): Uint8Array | undefined {
    this.#binding ??= this.#makeBinding?.();
    return this.#binding;
  }

  /** What a handshake's settings want; nothing for a client that has nothing to show. */
  get select(): ((request: ClientCredentialRequest) => Awaitable<CertificateCredential | undefined>) | undefined {
    const choose = this.#choose;
    if (choose !== undefined) return (request) => run(this.#chosenBy(choose, request));
    if (this.#credentials.length === 0) return undefined;
    return (request) => selectClientCredential(this.#credentials, request);
  }

  *#chosenBy(
    choose: NonNullable<ClientOptions["chooseCertificate"]>,
    request: ClientCredentialRequest,
  ): Steps<CertificateCredential | undefined> {
    const certificate = yield* wait(choose(request));
    if (certificate === undefined) return undefined;
    const credential = this.#chosen.get(certificate) ?? this.#credential(certificate);
    this.#chosen.set(certificate, credential);
    if (request.attestations.ocspResponses) credential.renewStaples();
    return credential;
  }

  /** Asks for OCSP responses where there are none, or it is time for newer ones. */
  async renewStaples(): Promise<void> {
    await Promise.all(this.#credentials.map((credential) => credential.renewStaples()));
  }

  #credential(certificate: CertificateWithKey): CertificateCredential {
    const { provider, random, clock, versions, clientSignatureSchemes } = this.#settings;
    return new CertificateCredential(
      { provider, random, clock, versions, signatureSchemes: clientSignatureSchemes },
      certificate,
    );
  }
}
