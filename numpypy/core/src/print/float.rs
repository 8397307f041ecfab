//! Decimal digits of floats: shortest that read back, cut to a precision, and the common format of an array's elements.

/// What to do with zeros at the end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trim {
    /// Keep them, up to the precision.
    Keep,
    /// Leave the point: "1."
    Point,
    /// Leave one: "1.0".
    Zero,
    /// Remove the point, too: "1".
    All,
}

fn trimmed(mut s: String, trim: Trim) -> String {
    if trim == Trim::Keep {
        return s;
    }
    s.truncate(s.trim_end_matches('0').len());
    match trim {
        Trim::Zero if s.ends_with('.') => s.push('0'),
        Trim::All if s.ends_with('.') => drop(s.pop()),
        _ => {}
    }
    s
}

/// Which numbers the shortest digits must tell apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Width {
    Half,
    Single,
    Double,
}

impl Width {
    /// Of a float dtype, or the parts of a complex one.
    pub fn of(d: crate::DType) -> Width {
        match d.num {
            crate::Num::Float16 => Width::Half,
            crate::Num::Float32 | crate::Num::Complex64 => Width::Single,
            _ => Width::Double,
        }
    }
    /// The fewest digits that read back as the same number, in scientific notation.
    fn scientific(self, x: f64) -> String {
        match self {
            Width::Double => format!("{x:e}"),
            Width::Single => format!("{:e}", x as f32),
            Width::Half => {
                let same = |s: &String| s.parse().is_ok_and(|y| crate::dtype::F16::from_f64(y).0 == crate::dtype::F16::from_f64(x).0);
                // Five digits tell all float16 apart.
                let s = (0..5).map(|p| format!("{x:.p$e}")).find(same).unwrap_or_else(|| format!("{x:e}"));
                match s.split_once('e') {
                    Some((m, e)) if m.contains('.') => format!("{}e{e}", m.trim_end_matches('0').trim_end_matches('.')),
                    _ => s,
                }
            }
        }
    }
    /// The same in fixed notation.
    fn positional(self, x: f64) -> String {
        match self {
            Width::Double => format!("{x}"),
            Width::Single => format!("{}", x as f32),
            Width::Half => {
                let s = self.scientific(x);
                match s.parse::<f64>() {
                    Ok(y) => format!("{y}"),
                    Err(_) => s,
                }
            }
        }
    }
}

/// Fixed notation of a finite number with at most `precision` digits after the point, always with a point before trimming.
pub fn positional(x: f64, width: Width, precision: Option<usize>, unique: bool, trim: Trim) -> String {
    let shortest = width.positional(x);
    let digits = shortest.find('.').map_or(0, |p| shortest.len() - p - 1);
    let mut s = match precision {
        Some(p) if !unique || digits > p => format!("{x:.p$}"),
        _ => shortest,
    };
    if !s.contains('.') {
        s.push('.');
    }
    if trim == Trim::Keep
        && let Some(p) = precision
    {
        let have = s.len() - s.find('.').expect("a point") - 1;
        s.extend(std::iter::repeat_n('0', p.saturating_sub(have)));
    }
    trimmed(s, trim)
}

/// Scientific notation with an exponent of at least `exp_digits` digits and a sign.
pub fn scientific(x: f64, width: Width, precision: Option<usize>, unique: bool, trim: Trim, exp_digits: usize) -> String {
    let shortest = width.scientific(x);
    let digits = shortest.find('e').expect("an exponent").saturating_sub(shortest.find('.').map_or(usize::MAX, |p| p + 1).min(shortest.len()));
    let s = match precision {
        Some(p) if !unique || digits > p => format!("{x:.p$e}"),
        _ => shortest,
    };
    let (mantissa, exponent) = s.split_once('e').expect("an exponent");
    let mut m = mantissa.to_string();
    if !m.contains('.') {
        m.push('.');
    }
    if trim == Trim::Keep
        && let Some(p) = precision
    {
        let have = m.len() - m.find('.').expect("a point") - 1;
        m.extend(std::iter::repeat_n('0', p.saturating_sub(have)));
    }
    let m = trimmed(m, trim);
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |e| ('-', e));
    format!("{m}e{sign}{exponent:0>exp_digits$}")
}

/// `str` and `repr` of a float scalar in NumPy 1.14 and later.
pub fn scalar(x: f64, width: Width) -> String {
    if x.is_nan() {
        return "nan".into();
    }
    if x.is_infinite() {
        return if x > 0.0 { "inf" } else { "-inf" }.into();
    }
    let a = x.abs();
    if a == 0.0 || (1e-4..1e16).contains(&a) { positional(x, width, None, true, Trim::Zero) } else { scientific(x, width, None, true, Trim::All, 2) }
}

/// `str` and `repr` of a complex scalar.
pub fn complex_scalar(re: f64, im: f64, width: Width) -> String {
    let part = |x: f64| {
        if !x.is_finite() {
            return scalar(x, width);
        }
        let a = x.abs();
        if a == 0.0 || (1e-4..1e16).contains(&a) { positional(x, width, None, true, Trim::All) } else { scientific(x, width, None, true, Trim::All, 2) }
    };
    let imag = part(im);
    if re == 0.0 && re.is_sign_positive() {
        return format!("{imag}j");
    }
    let sign = if imag.starts_with('-') { "" } else { "+" };
    format!("({}{sign}{imag}j)", part(re))
}

/// `floatmode` of print options.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FloatMode {
    Fixed,
    Unique,
    MaxPrec,
    MaxPrecEqual,
}

/// `sign` of print options.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sign {
    /// Only minus.
    Minus,
    /// Always.
    Plus,
    /// A space in place of plus.
    Space,
}

/// The format that all elements of an array share.
pub struct Format {
    exponent: bool,
    exp_digits: usize,
    left: usize,
    right: usize,
    precision: Option<usize>,
    unique: bool,
    trim: Trim,
    sign: Sign,
    width: Width,
}

/// Options that concern floats.
#[derive(Clone, Copy, Debug)]
pub struct FloatOptions {
    pub precision: usize,
    pub mode: FloatMode,
    pub suppress: bool,
    pub sign: Sign,
}

impl Format {
    /// The common format of these numbers.
    pub fn new(data: &[f64], width: Width, options: FloatOptions) -> Format {
        let FloatOptions { precision, mode, suppress, sign } = options;
        let precision = if mode == FloatMode::Unique { None } else { Some(precision) };
        let finite: Vec<f64> = data.iter().copied().filter(|x| x.is_finite()).collect();
        let sizes = || finite.iter().map(|x| x.abs()).filter(|&x| x != 0.0);
        let max = sizes().fold(0.0, f64::max);
        let min = sizes().fold(f64::INFINITY, f64::min);
        let exponent = max > 0.0 && (max >= 1e8 || !suppress && (min < 1e-4 || max / min > 1000.0));
        let plus = sign == Sign::Plus;
        let signed = |x: f64, s: String| if plus && !s.starts_with('-') && !x.is_nan() { format!("+{s}") } else { s };
        let mut f = Format { exponent, exp_digits: 0, left: 0, right: 0, precision, unique: true, trim: Trim::Point, sign, width };
        let fixed = mode == FloatMode::Fixed;
        if finite.is_empty() {
            f.exponent = false;
        } else if exponent {
            f.unique = !fixed;
            let trim = if fixed { Trim::Keep } else { Trim::Point };
            let (mut left, mut fraction, mut digits) = (0, 0, 0);
            for &x in &finite {
                let s = signed(x, scientific(x, width, precision, f.unique, trim, 2));
                let (m, e) = s.split_once('e').expect("an exponent");
                let (i, r) = m.split_once('.').expect("a point");
                left = left.max(i.len());
                fraction = fraction.max(r.len());
                digits = digits.max(e.len() - 1);
            }
            f.left = left;
            f.exp_digits = digits;
            f.right = digits + 2 + fraction;
            f.precision = Some(fraction);
            f.trim = Trim::Keep;
        } else {
            f.unique = !fixed;
            let trim = if fixed { Trim::Keep } else { Trim::Point };
            for &x in &finite {
                let s = signed(x, positional(x, width, precision, f.unique, trim));
                let (i, r) = s.split_once('.').expect("a point");
                f.left = f.left.max(i.len());
                f.right = f.right.max(r.len());
            }
            if matches!(mode, FloatMode::Fixed | FloatMode::MaxPrecEqual) {
                f.precision = Some(f.right);
                f.trim = Trim::Keep;
            }
        }
        if sign == Sign::Space && !finite.is_empty() {
            // Room for a sign before every number.
            let widest = finite.iter().filter(|x| !x.is_sign_negative()).map(|&x| f.digits(x).find('.').unwrap_or(0)).max();
            f.left = f.left.max(widest.map_or(0, |w| w + 1));
        }
        if data.len() != finite.len() {
            let signed_inf = sign != Sign::Minus || data.contains(&f64::NEG_INFINITY);
            // As NumPy: room for both words, whichever occurs.
            f.left = f.left.max((3 + usize::from(signed_inf)).saturating_sub(f.right + 1));
        }
        f
    }

    fn digits(&self, x: f64) -> String {
        if self.exponent { scientific(x, self.width, self.precision, self.unique, self.trim, self.exp_digits) } else { positional(x, self.width, self.precision, self.unique, self.trim) }
    }

    /// One number, padded to the common width.
    pub fn show(&self, x: f64) -> String {
        if !x.is_finite() {
            let text = match (x.is_nan(), x < 0.0, self.sign) {
                (true, _, Sign::Plus) => "+nan",
                (true, ..) => "nan",
                (_, true, _) => "-inf",
                (_, _, Sign::Plus) => "+inf",
                _ => "inf",
            };
            return format!("{text:>0$}", self.left + self.right + 1);
        }
        let mut s = self.digits(x);
        if self.sign == Sign::Plus && !s.starts_with('-') {
            s.insert(0, '+');
        }
        let point = s.find('.').unwrap_or(s.len());
        let after = s.len() - (point + 1).min(s.len());
        let before = self.left.saturating_sub(point);
        let behind = if self.exponent { 0 } else { self.right.saturating_sub(after) };
        format!("{}{s}{}", " ".repeat(before), " ".repeat(behind))
    }
}
