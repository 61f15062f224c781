import { peerNames, type Peer, type Peers } from '../bench/peers/peer.ts'

/** Each peer in a frame of its own, which lives as long as the page. */
export const framedPeers: Peers = {
  names: peerNames,
  open: (name) =>
    new Promise<Peer>((resolve, reject) => {
      const frame = document.createElement('iframe')
      frame.src = `/bench/peers/frame.html?engine=${name}`
      frame.addEventListener('load', () => {
        const { peer } = frame.contentWindow as unknown as { peer: Promise<Peer> | undefined }
        if (peer) peer.then(resolve, reject)
        else reject(new Error('its page could not be loaded'))
      })
      document.body.append(frame)
    }),
}
