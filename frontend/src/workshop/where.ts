/** Which page this is, told by its address. */
export type Role = "phone" | "leader" | "screen" | "make";
export type Where = { role: Role; code: string };

const ROLES: Record<string, Role> = { w: "phone", leader: "leader", screen: "screen" };

export function where(path: string): Where {
  const [first = "", second = ""] = path.split("/").filter(Boolean);
  const role = ROLES[first] ?? "make";
  const code = readCode(second);
  return { role: role === "leader" && !code ? "make" : role, code };
}

/** A code as people type it: small letters, spaces and dashes are no mistakes. */
export function readCode(typed: string): string {
  return typed.toUpperCase().replace(/[^A-Z0-9]/g, "").slice(0, 6);
}
