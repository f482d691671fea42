// Puts a finished update away and goes back to its device.
import { useLocation } from 'wouter'
import { useFob } from '../../fobContext.ts'
import { paths } from '../../paths.ts'

export function useDismiss(deviceKey: string): () => void {
  const fob = useFob()
  const [, navigate] = useLocation()
  return () => {
    navigate(paths.device(deviceKey), { replace: true })
    void fob.dismissUpdate(deviceKey)
  }
}
