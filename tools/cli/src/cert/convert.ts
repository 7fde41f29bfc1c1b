import { nodePasswordCryptography as cryptography } from "@tlskit/crypto-node";
import {
  certificatesToPem,
  createPkcs12Sync,
  encryptPrivateKeySync,
  privateKeyToJwk,
  privateKeyToPem,
  privateKeyToPkcs8,
  publicKeyToJwk,
  publicKeyToPem,
} from "@tlskit/x509";
import { UsageError } from "../usage.ts";
import { type Command, command } from "./command.ts";
import { type Holding, holdingOf } from "./holding.ts";
import { random } from "./key-kinds.ts";
import { passwordOf, passwordOptions } from "./passwords.ts";
import { type Output, writeOut } from "./write.ts";

/** Makes a form of what there is. The password protects private keys, if there is one. */
type Form = (holding: Holding, password: string | undefined) => Output;

const forms: Readonly<Record<string, Form>> = {
  pem: ({ certificates, keys, publicKeys }, password) => ({
    content: [
      certificatesToPem(...certificates),
      ...keys.map((key) =>
        password === undefined ? privateKeyToPem(key) : encryptPrivateKeySync(key, { password, cryptography, random }),
      ),
      ...publicKeys.map(publicKeyToPem),
    ].join(""),
    isSecret: keys.length > 0,
  }),
  der: (holding, password) => {
    if (password !== undefined) throw new UsageError("--to der protects nothing by a password; --to pkcs12 does");
    const { certificates, keys, publicKeys } = holding;
    const all = [
      ...certificates.map(({ der }) => der),
      ...keys.map((key) => privateKeyToPkcs8(key)),
      ...publicKeys.map(({ der }) => der),
    ];
    return { content: single(all, "der"), isSecret: keys.length > 0 };
  },
  pkcs12: ({ certificates, keys }, password) => {
    if (password === undefined)
      throw new UsageError("--to pkcs12 takes a password: --out-password-file or --out-password-env");
    if (keys.length > 1) throw new UsageError(`a PKCS#12 file is made of one private key, got ${keys.length}`);
    const [key] = keys;
    const parts = { certificates, password, cryptography, random, ...(key === undefined ? {} : { key }) };
    return { content: createPkcs12Sync(parts), isSecret: true };
  },
  jwk: ({ certificates, keys, publicKeys }, password) => {
    if (password !== undefined) throw new UsageError("--to jwk protects nothing by a password");
    // the public keys of certificates, where there is nothing else
    const all = [...keys.map((key) => privateKeyToJwk(key)), ...publicKeys.map(publicKeyToJwk)];
    const jwks = all.length > 0 ? all : certificates.map((one) => publicKeyToJwk(one.subjectPublicKeyInfo));
    return { content: `${JSON.stringify(single(jwks, "jwk"), null, 2)}\n`, isSecret: keys.length > 0 };
  },
};

/** `tlskit cert convert FILE --to FORM` */
export const convert: Command = command(
  {
    options: {
      ...passwordOptions,
      with: { type: "string", multiple: true },
      to: { type: "string" },
      out: { type: "string" },
      force: { type: "boolean" },
    },
    positionals: ["FILE"],
  },
  async (values, file = "") => {
    const { to = "", with: others = [], out, force = false } = values;
    const form = Object.hasOwn(forms, to) ? forms[to] : undefined;
    if (form === undefined) throw new UsageError(`convert takes --to ${Object.keys(forms).join(", ")}`);
    const outPassword = passwordOf(
      {
        password: values["out-password"],
        "password-file": values["out-password-file"],
        "password-env": values["out-password-env"],
      },
      "out-",
    );
    const holding = holdingOf([file, ...others], passwordOf(values));
    writeOut(out, form(holding, outPassword), { force });
    return 0;
  },
);

function single<T>(all: readonly T[], form: string): T {
  const [one] = all;
  if (one === undefined || all.length !== 1) {
    throw new UsageError(`--to ${form} takes one certificate or one key, and there are ${all.length}`);
  }
  return one;
}
