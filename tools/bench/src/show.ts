/** Figures, each with its ratio to the first. */
export function show(unit: string, figures: Readonly<Record<string, number>>): void {
  const [first] = Object.values(figures);
  for (const [name, value] of Object.entries(figures)) {
    const ratio = first === undefined || value === first ? "" : `  ${(value / first).toFixed(2)} ×`;
    console.log(`  ${name.padEnd(32)}${value.toFixed(0).padStart(7)} ${unit}${ratio}`);
  }
}
