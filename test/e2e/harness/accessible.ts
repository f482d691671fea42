// What axe says of a screen: no violation of WCAG 2.2 AA is what every screen has to come to.
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

const standards = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']

/** Rule and elements of each violation. */
export async function violationsIn(page: Page): Promise<readonly string[]> {
  const viewport = page.viewportSize() ?? { width: 390, height: 844 }
  // All of it in view: what lies half under the bar of actions only has to be scrolled to.
  await page.setViewportSize({ width: viewport.width, height: 3000 })
  const { violations } = await new AxeBuilder({ page }).withTags(standards).setLegacyMode(true).analyze()
  await page.setViewportSize(viewport)
  return violations.map(({ id, nodes }) => `${id} at ${nodes.map(({ target }) => target).join(' | ')}`)
}
