// Means and sums of squares for gradients of any size: a square leaves float32 from 1.8e19 on, and a second moment that is infinite makes
// every further update 0. Large ones are computed in squares of 2⁸⁰, exactly, and where they do not fit they are kept as −2⁻¹⁶⁰ of themselves,
// which no other second moment can be. Branchless: a software adapter runs both sides.
const squareUnit = 1.2089258196146292e24; // 2⁸⁰
const inverseUnit = 8.271806125530277e-25;
const largestGradient = 4.611686018427388e18; // 2⁶²
const largestMoment = 4.25352958651173e37; // 2¹²⁵
const largestFitting = 5.820766091346741e-11; // 2¹²⁶ in squares of 2⁸⁰

// 1, or 2⁻⁸⁰: what gradients are multiplied by, where their squares or the moment so far are too large.
fn unitOf(gradient: Element, kept: Element) -> Element {
  let isLarge = (abs(gradient) > Element(largestGradient)) | (kept > Element(largestMoment)) | (kept < Element());
  return select(Element(1.0), Element(inverseUnit), isLarge);
}

// The moment as it was kept, of gradients times the unit.
fn unpacked(kept: Element, unit: Element) -> Element {
  return select(kept * unit * unit, -kept, kept < Element());
}

fn packed(moment: Element, unit: Element) -> Element {
  let fitting = select(moment * squareUnit * squareUnit, -moment, moment > Element(largestFitting));
  return select(moment, fitting, unit < Element(1.0));
}

// Of a moment of gradients times the unit: the root of the moment itself.
fn rootOf(moment: Element, unit: Element) -> Element {
  return sqrt(moment) * select(Element(1.0), Element(squareUnit), unit < Element(1.0));
}
