/** True while another page drives: this one watches, and can stop. */
import { useLive } from '../app/app-context.tsx'

export const useIsWatching = (): boolean =>
  useLive((s) => {
    const holder = s.drive?.lease.holder ?? null
    return holder !== null && s.session !== null && holder !== s.session.peer
  })
