/** A session, an object or a slot. */
export type Handle = Buffer;

export interface Attribute {
  readonly type: number;
  readonly value?: number | boolean | string | Buffer;
}

export interface Mechanism {
  readonly mechanism: number;
  readonly parameter?: { type: number; hashAlg: number; mgf: number; saltLen: number };
}

/**
 * As much of Cryptoki, PKCS#11's interface, as is called: a `PKCS11` of the package `pkcs11js` is one, that has loaded a
 * module and called `C_Initialize`.
 */
export interface Cryptoki {
  C_GetSlotList(tokenPresent: boolean): Handle[];
  C_GetTokenInfo(slot: Handle): { readonly label: string };
  C_OpenSession(slot: Handle, flags: number): Handle;
  C_CloseSession(session: Handle): void;
  C_Login(session: Handle, userType: number, pin: string): void;
  C_FindObjectsInit(session: Handle, template: Attribute[]): void;
  C_FindObjects(session: Handle, maxObjectCount: number): Handle[];
  C_FindObjectsFinal(session: Handle): void;
  C_GetAttributeValue(
    session: Handle,
    object: Handle,
    template: Attribute[],
  ): { readonly type: number; readonly value: Buffer }[];
  C_SignInit(session: Handle, mechanism: Mechanism, key: Handle): void;
  /** In another thread, so that whoever waits for the token isn't everybody. */
  C_SignAsync(session: Handle, inData: Buffer, outData: Buffer): Promise<Buffer>;
}

/** Numbers of PKCS#11 v2.40 (OASIS, pkcs11t.h), under their names there. */
export const CK = {
  CKF_SERIAL_SESSION: 0x4,
  CKU_USER: 1,
  CKR_USER_ALREADY_LOGGED_IN: 0x100,
  CKO_PRIVATE_KEY: 3,
  CKK_RSA: 0,
  CKK_EC: 3,
  CKA_CLASS: 0,
  CKA_LABEL: 3,
  CKA_KEY_TYPE: 0x100,
  CKA_ID: 0x102,
  CKA_SIGN: 0x108,
  CKA_EC_PARAMS: 0x180,
  CKA_ALWAYS_AUTHENTICATE: 0x202,
  CKM_SHA256_RSA_PKCS: 0x40,
  CKM_SHA384_RSA_PKCS: 0x41,
  CKM_SHA512_RSA_PKCS: 0x42,
  CKM_SHA256_RSA_PKCS_PSS: 0x43,
  CKM_SHA384_RSA_PKCS_PSS: 0x44,
  CKM_SHA512_RSA_PKCS_PSS: 0x45,
  CKM_SHA256: 0x250,
  CKM_SHA384: 0x260,
  CKM_SHA512: 0x270,
  CKM_ECDSA: 0x1041,
  CKG_MGF1_SHA256: 2,
  CKG_MGF1_SHA384: 3,
  CKG_MGF1_SHA512: 4,
} as const;

/** What `pkcs11js` calls the parameters of RSA-PSS. */
export const pssParameters = 5;
