// @ts-check
// Has the browser fetch what the page's first script imports dynamically, and what that needs, while it still reads that script.

/** @returns {import('vite').Plugin} */
export function preloadPlugin() {
  /** @type {import('vite').ResolvedConfig} */
  let config
  return {
    name: 'gradscope:preload',
    apply: 'build',
    configResolved(resolved) {
      config = resolved
    },
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle, chunk, path }) {
        if (!bundle || !chunk || path !== '/index.html') return
        const wanted = new Set(chunk.dynamicImports)
        // Sets grow while they are walked: what is imported by what is wanted is wanted too.
        for (const name of wanted) {
          const found = bundle[name]
          if (found?.type === 'chunk') for (const other of found.imports) wanted.add(other)
        }
        for (const name of [chunk.fileName, ...chunk.imports]) wanted.delete(name)
        return [...wanted].map((name) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: config.base + name },
          injectTo: /** @type {const} */ ('head'),
        }))
      },
    },
  }
}
