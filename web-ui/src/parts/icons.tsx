/** The few signs that the console draws; all inherit the text's colour. */

const PATHS = {
  sun: 'M8 4.8a3.2 3.2 0 1 0 0 6.400a3.200 3.200 0 0 0 0-6.400zM8 1.500v1M8 13.500v1M1.500 8h1M13.500 8h1M3.400 3.400l.7.7M11.900 11.900l.7.7M3.400 12.600l.7-.7M11.900 4.100l.7-.7',
  moon: 'M13.500 9.600A5.800 5.800 0 0 1 6.400 2.500 5.800 5.800 0 1 0 13.500 9.600z',
  half: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 2v12M8 5l4.500 6M8 9l3 4.300M9 2.100l4.900 6.700',
  left: 'M10 3.500 5.500 8l4.500 4.500',
  right: 'M6 3.500 10.500 8 6 12.500',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  cross: 'M4 4l8 8M12 4l-8 8',
  again: 'M13.200 8.500A5.300 5.300 0 1 1 11.600 4.200L13 5.600M13 2.500v3.100H9.900',
  link: 'M6.700 9.300l2.600-2.600M7.300 4.900l1.500-1.500a2.700 2.700 0 0 1 3.800 3.800l-1.500 1.500M8.700 11.100l-1.500 1.500a2.700 2.700 0 0 1-3.800-3.800l1.500-1.500',
  clock: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 4.800V8l2.200 1.500',
  chart: 'M2.500 2.500v11h11M5 10l2.500-3.500 2 2L13 4',
} as const;

export function Icon(props: { name: keyof typeof PATHS }) {
  return (
    <svg class="i" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[props.name]} />
    </svg>
  );
}

/** The mark: a week's trace on the drum of a barograph. */
export function Mark() {
  return (
    <svg viewBox="0 0 34 24" aria-hidden="true">
      <g stroke="var(--line)" stroke-width="1">
        <path d="M1 4.500h32M1 12h32M1 19.500h32" />
        <path d="M7 2c1.800 6 1.800 14 0 20M17 2c1.800 6 1.800 14 0 20M27 2c1.800 6 1.800 14 0 20" fill="none" />
      </g>
      <path
        d="M1 8.500c3.500-2.500 5.500-2.500 7.500.3 2.700 3.800 3.400 9.700 7 9.700 3.900 0 3.800-12.200 8-13.700 2-.7 3.600.4 5.500 2.600"
        fill="none"
        stroke="var(--accent)"
        stroke-width="2"
        stroke-linecap="round"
      />
      <circle cx="29" cy="7.400" r="2.300" fill="var(--brass)" />
    </svg>
  );
}
