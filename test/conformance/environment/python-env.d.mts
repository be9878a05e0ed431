/** Types of `python-env.mjs`. */
export const pythonEnvironment: Readonly<Record<string, string>>
export function lerobotPython(): { readonly python: string } | { readonly missing: string }
