/** Imported for its effect: adds the bench's own shaders to the engine's, so that they are kernels like any other. */
import { overrideShader } from '../src/gpu/shader.ts'

const files = import.meta.glob('./shaders/*.wgsl', { query: '?raw', import: 'default', eager: true }) as Record<string, string>
for (const [path, text] of Object.entries(files)) overrideShader(path.slice('./shaders/'.length, -'.wgsl'.length), text)
