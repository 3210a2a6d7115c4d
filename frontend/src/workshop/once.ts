/** A key by which the server knows that two messages are one: what is sent again is not done again. */
export function newKey(): string {
  // Not randomUUID: phones open a workshop over plain http, where there is none.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
