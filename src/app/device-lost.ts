/** Whether an error says that the GPU is gone, which the page tells once and for all that was asked of it. */
export const isDeviceLost = (error: unknown): boolean => error instanceof Error && error.name === 'DeviceLost'
