/**
 * RFC 6265 §5.2: the name of a cookie that a Set-Cookie field sets without the attribute Secure, so that browsers send it in the
 * clear too; nothing for one that has it, or that isn't one.
 */
export function insecureCookie(setCookie: string): string | undefined {
  const [pair = "", ...attributes] = setCookie.split(";");
  const equals = pair.indexOf("=");
  const name = pair.slice(0, equals).trim();
  if (equals < 0 || name === "") return undefined;
  const isSecure = attributes.some((attribute) => attribute.split("=")[0]?.trim().toLowerCase() === "secure");
  return isSecure ? undefined : name;
}
