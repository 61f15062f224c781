// @ts-check

/** Whether GRADSCOPE_GPU asks for a software adapter, as it does unless it says `hardware`, so that results do not depend on the machine. */
export function softwareAsked() {
  const asked = process.env['GRADSCOPE_GPU'] || 'software'
  if (asked !== 'software' && asked !== 'hardware') throw new Error(`GRADSCOPE_GPU is '${asked}', expected software or hardware.`)
  return asked === 'software'
}
