// Means and sums of squares for gradients of any size: a square leaves float32 from 1.8e19 on, and a second moment that is infinite makes
// every further update 0. Large ones are computed in squares of 2⁶⁴, exactly, and where they do not fit they are kept as −2⁻¹²⁸ of themselves,
// which no other second moment can be. Branchless: a software adapter runs both sides.
const squareUnit = 18446744073709551616.0; // 2⁶⁴
const inverseUnit = 5.421010862427522e-20;
const largestGradient = 4.611686018427388e18; // 2⁶²
const largestMoment = 4.25352958651173e37; // 2¹²⁵

// 1, or 2⁻⁶⁴: what gradients are multiplied by, where their squares or the moment so far are too large.
fn unitOf(gradient: Element, kept: Element) -> Element {
  let isLarge = (abs(gradient) > Element(largestGradient)) | (kept > Element(largestMoment)) | (kept < Element());
  return select(Element(1.0), Element(inverseUnit), isLarge);
}

// The moment as it was kept, of gradients times the unit.
fn unpacked(kept: Element, unit: Element) -> Element {
  return select(kept * unit * unit, -kept, kept < Element());
}

fn packed(moment: Element, unit: Element) -> Element {
  let fitting = select(moment * squareUnit * squareUnit, -moment, moment > Element(0.25));
  return select(moment, fitting, unit < Element(1.0));
}

// Of a moment of gradients times the unit: the root of the moment itself.
fn rootOf(moment: Element, unit: Element) -> Element {
  return sqrt(moment) * select(Element(1.0), Element(squareUnit), unit < Element(1.0));
}
