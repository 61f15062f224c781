/** Whether a person has asked the system for no motion. */
export const calm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches
