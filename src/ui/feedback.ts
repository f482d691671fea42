// A short vibration and two notes, for a person who put the phone down while it works.

const patterns = { good: [60, 60, 60], bad: [220, 90, 220] } as const
const notes = { good: [660, 880], bad: [440, 330] } as const

export function signal(kind: 'good' | 'bad'): void {
  navigator.vibrate?.([...patterns[kind]])
  play(notes[kind])
}

function play(frequencies: readonly number[]): void {
  try {
    const audio = new AudioContext()
    const volume = audio.createGain()
    volume.gain.value = 0.06
    volume.connect(audio.destination)
    frequencies.forEach((frequency, index) => {
      const tone = audio.createOscillator()
      tone.frequency.value = frequency
      tone.connect(volume)
      tone.start(audio.currentTime + index * 0.16)
      tone.stop(audio.currentTime + index * 0.16 + 0.14)
      if (index === frequencies.length - 1) tone.onended = () => void audio.close()
    })
  } catch {
    // No sound device, or the browser wants a gesture first: the screen says it anyway.
  }
}
