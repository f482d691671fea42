// Where a screen takes away what had the focus, the focus goes to what is left around it: a screen reader would begin at the top again.

/** What holds together what belongs together; the innermost that is left is where the person was. */
const places = 'li, section, fieldset, form, dialog, main'

/** Milliseconds in which a screen may put the focus somewhere itself. */
const SCREENS_TURN = 60

let isKept = false

/** From the first call on, for as long as the page is there. */
export function keepFocus(): void {
  if (isKept) return
  isKept = true
  let last: Element | null = null
  let around: readonly HTMLElement[] = []
  let isWaiting = false
  const look = () => {
    isWaiting = false
    if (document.activeElement !== document.body || !isGone(last)) return
    last = null
    const place =
      around.find(each => each.isConnected && each.checkVisibility()) ?? document.querySelector('main')
    if (place === null) return
    if (!place.hasAttribute('tabindex')) place.tabIndex = -1
    place.classList.add('focus-place')
    place.focus({ preventScroll: true })
  }
  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof Element)) return
    last = target
    around = placesAround(target)
  })
  new MutationObserver(() => {
    if (isWaiting || !isGone(last)) return
    isWaiting = true
    setTimeout(look, SCREENS_TURN)
  }).observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['disabled'],
  })
}

const isGone = (element: Element | null): boolean =>
  element !== null && (!element.isConnected || element.matches(':disabled'))

function placesAround(element: Element): readonly HTMLElement[] {
  const found: HTMLElement[] = []
  for (let at = element.parentElement; at !== null; at = at.parentElement)
    if (at.matches(places)) found.push(at)
  return found
}
