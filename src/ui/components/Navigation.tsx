// The main navigation: a bar at the thumb on phones, a rail on wide screens.
import { Factory, KeyRound, type LucideIcon, Package, Radio, Settings, Wallet } from 'lucide-react'
import { Link, useLocation } from 'wouter'
import { useMessages } from '../i18n/useMessages.tsx'
import { paths } from '../paths.ts'
import { Brand } from './Brand.tsx'

type Place = 'devices' | 'keys' | 'wallet' | 'makers' | 'releases' | 'settings'

const places: readonly { readonly place: Place; readonly icon: LucideIcon }[] = [
  { place: 'devices', icon: Radio },
  { place: 'keys', icon: KeyRound },
  { place: 'wallet', icon: Wallet },
  { place: 'makers', icon: Factory },
  { place: 'releases', icon: Package },
  { place: 'settings', icon: Settings },
]

function placeOf(location: string): Place {
  if (location.startsWith('/keys') || location.startsWith('/offer')) return 'keys'
  if (location.startsWith('/wallet') || location.startsWith('/let')) return 'wallet'
  if (location.startsWith('/makers')) return 'makers'
  if (location.startsWith('/releases')) return 'releases'
  return location.startsWith('/settings') || location.startsWith('/browser') ? 'settings' : 'devices'
}

export function Navigation() {
  const { common } = useMessages()
  const [location] = useLocation()
  const current = placeOf(location)
  return (
    <nav className="nav" aria-label={common.navigation}>
      <span className="brand">
        <Brand />
        {common.appName}
      </span>
      {places.map(({ place, icon: Icon }) => (
        <Link key={place} href={paths[place]} aria-current={place === current ? 'page' : undefined}>
          <span className="pill">
            <Icon size={22} aria-hidden />
          </span>
          <span>{common.nav[place]}</span>
        </Link>
      ))}
    </nav>
  )
}
