//! Text of arrays as NumPy prints them (1.14 and later): `str`, `repr`, `array2string`.

pub mod float;

use crate::dtype::{BOOL, COMPLEX128, DType, FLOAT64, INT64, Scalar};
use crate::layout::Layout;
use float::{FloatMode, FloatOptions, Format, Sign, Width};

/// Print options; the defaults are NumPy's.
#[derive(Clone, Debug)]
pub struct Options {
    pub float: FloatOptions,
    pub threshold: usize,
    pub edge_items: usize,
    pub line_width: usize,
    /// `repr` tells foreign byte order; NumPy 1.16 did not.
    pub byte_order: bool,
}

impl Default for Options {
    fn default() -> Options {
        let float = FloatOptions { precision: 8, mode: FloatMode::MaxPrec, suppress: false, sign: Sign::Minus };
        Options { float, threshold: 1000, edge_items: 3, line_width: 75, byte_order: true }
    }
}

/// An element to be printed.
#[derive(Clone, PartialEq, Debug)]
pub enum Shown {
    Number(Scalar),
    /// Text, as it is.
    Text(String),
}
impl From<Scalar> for Shown {
    fn from(x: Scalar) -> Shown {
        Shown::Number(x)
    }
}
impl Shown {
    fn number(&self) -> Scalar {
        if let Shown::Number(x) = self { *x } else { Scalar::Int(0) }
    }
}

/// Turns elements to text of a common width.
enum Formatter {
    Text,
    Bool { padded: bool },
    Int { width: usize },
    Float(Format),
    Complex(Format, Format),
}

impl Formatter {
    fn new(data: &[Shown], dtype: DType, scalar: bool, options: FloatOptions) -> Formatter {
        let width = Width::of(dtype);
        let numbers = || data.iter().map(Shown::number);
        match dtype.kind() {
            'b' => Formatter::Bool { padded: !scalar },
            'i' | 'u' => Formatter::Int { width: numbers().map(|x| Formatter::int(x).len()).max().unwrap_or(0) },
            'f' => Formatter::Float(Format::new(&numbers().map(|x| x.to_complex().0).collect::<Vec<_>>(), width, options)),
            'c' => {
                let (re, im): (Vec<f64>, Vec<f64>) = numbers().map(|x| x.to_complex()).unzip();
                Formatter::Complex(Format::new(&re, width, options), Format::new(&im, width, FloatOptions { sign: Sign::Plus, ..options }))
            }
            _ => Formatter::Text,
        }
    }
    fn int(x: Scalar) -> String {
        match x {
            Scalar::Int(i) => i.to_string(),
            Scalar::UInt(u) => u.to_string(),
            other => (other.to_complex().0 as i64).to_string(),
        }
    }
    fn show(&self, x: Shown) -> String {
        let x = match x {
            Shown::Number(x) => x,
            Shown::Text(s) => return s,
        };
        match (self, x) {
            (Formatter::Text, _) => String::new(),
            (Formatter::Bool { padded }, x) => match (x == Scalar::Bool(true), padded) {
                (true, true) => " True".into(),
                (true, false) => "True".into(),
                _ => "False".into(),
            },
            (Formatter::Int { width }, x) => format!("{:>width$}", Formatter::int(x)),
            (Formatter::Float(f), x) => f.show(x.to_complex().0),
            (Formatter::Complex(re, im), x) => {
                let (a, b) = x.to_complex();
                let mut imag = im.show(b);
                let end = imag.trim_end().len();
                imag.insert(end, 'j');
                re.show(a) + &imag
            }
        }
    }
}

/// An array being printed: the shape, and how to get an element by its byte offset.
struct Printer<'a> {
    layout: &'a Layout,
    get: &'a dyn Fn(isize) -> Shown,
    format: Formatter,
    separator: &'a str,
    edge: usize,
    summary: bool,
}

impl Printer<'_> {
    /// Adds a word, on a new line where the width asks for it.
    fn extend(&self, s: &mut String, line: &mut String, word: &str, width: isize, indent: &str) {
        if (line.len() + word.len()) as isize > width && line.len() > indent.len() {
            s.push_str(line.trim_end());
            s.push('\n');
            line.clear();
            line.push_str(indent);
        }
        line.push_str(word);
    }

    fn text(&self, offset: isize, axis: usize, indent: &str, width: isize) -> String {
        let left = self.layout.ndim() - axis;
        if left == 0 {
            return self.format.show((self.get)(offset));
        }
        let n = self.layout.shape[axis] as usize;
        let step = self.layout.strides[axis];
        let (leading, trailing) = if self.summary && 2 * self.edge < n { (self.edge, self.edge) } else { (0, n) };
        let cut = leading + trailing < n;
        let at = |i: usize| offset + i as isize * step;
        let (inner_indent, inner_width) = (format!("{indent} "), width - 1);
        let mut s = String::new();
        if left == 1 {
            let element_width = width - self.separator.trim_end().len().max(1) as isize;
            let mut line = indent.to_string();
            let mut first = true;
            let mut add = |s: &mut String, word: &str| {
                if !first {
                    line.push_str(self.separator);
                }
                first = false;
                self.extend(s, &mut line, word, element_width, indent);
            };
            for i in 0..leading {
                add(&mut s, &self.text(at(i), axis + 1, &inner_indent, inner_width));
            }
            if cut {
                add(&mut s, "...");
            }
            for i in n - trailing..n {
                add(&mut s, &self.text(at(i), axis + 1, &inner_indent, inner_width));
            }
            s.push_str(&line);
        } else {
            let line_end = format!("{}{}", self.separator.trim_end(), "\n".repeat(left - 1));
            let mut first = true;
            let mut add = |s: &mut String, word: &str| {
                if !first {
                    s.push_str(&line_end);
                }
                first = false;
                s.push_str(indent);
                s.push_str(word);
            };
            for i in 0..leading {
                add(&mut s, &self.text(at(i), axis + 1, &inner_indent, inner_width));
            }
            if cut {
                add(&mut s, "...");
            }
            for i in n - trailing..n {
                add(&mut s, &self.text(at(i), axis + 1, &inner_indent, inner_width));
            }
        }
        format!("[{}]", s.get(indent.len()..).unwrap_or(""))
    }
}

/// Elements that will be shown, in C order.
fn shown(layout: &Layout, get: &dyn Fn(isize) -> Shown, edge: Option<usize>, offset: isize, axis: usize, out: &mut Vec<Shown>) {
    if axis == layout.ndim() {
        out.push(get(offset));
        return;
    }
    let n = layout.shape[axis] as usize;
    let hidden = edge.filter(|e| 2 * e < n).map_or(n..n, |e| e..n - e);
    for i in (0..n).filter(|i| !hidden.contains(i)) {
        shown(layout, get, edge, offset + i as isize * layout.strides[axis], axis + 1, out);
    }
}

/// `np.array2string`. `get` reads the element at a byte offset from the buffer's start.
/// `prefix` and `suffix` only take room on the first and last line.
pub fn array2string(layout: &Layout, dtype: DType, get: &dyn Fn(isize) -> Shown, separator: &str, prefix: usize, suffix: usize, options: &Options) -> String {
    if layout.size() == 0 {
        return "[]".into();
    }
    let summary = layout.size() > options.threshold;
    let mut data = Vec::new();
    shown(layout, get, summary.then_some(options.edge_items), layout.offset, 0, &mut data);
    let format = Formatter::new(&data, dtype, layout.ndim() == 0, options.float);
    let printer = Printer { layout, get, format, separator, edge: options.edge_items, summary };
    printer.text(layout.offset, 0, &" ".repeat(prefix + 1), options.line_width as isize - suffix as isize)
}

/// `str(array)`.
pub fn array_str(layout: &Layout, dtype: DType, get: &dyn Fn(isize) -> Shown, options: &Options) -> String {
    if layout.ndim() == 0 {
        return match get(layout.offset) {
            Shown::Number(x) => scalar_text(x, dtype),
            Shown::Text(s) => s,
        };
    }
    array2string(layout, dtype, get, " ", 0, 0, options)
}

/// `repr(array)`; `class` is the name of its type ("array" for ndarray).
pub fn array_repr(layout: &Layout, dtype: DType, get: &dyn Fn(isize) -> Shown, class: &str, options: &Options) -> String {
    let start = format!("{class}(");
    let size = layout.size();
    let list = if size > 0 || layout.shape[..] == [0] {
        array2string(layout, dtype, get, ", ", start.len(), 1, options)
    } else {
        let shape: Vec<String> = layout.shape.iter().map(|n| n.to_string()).collect();
        format!("[], shape=({})", shape.join(", ") + if shape.len() == 1 { "," } else { "" })
    };
    let mut text = start + &list;
    let dtype = if dtype.is_number() && !options.byte_order { dtype.native() } else { dtype };
    if size > 0 && [BOOL, INT64, FLOAT64, COMPLEX128].contains(&dtype) {
        return text + ")";
    }
    let quoted = dtype.swapped || matches!(dtype.kind(), 'S' | 'U' | 'V');
    let dtype = if quoted { format!("dtype='{}')", dtype.type_string()) } else { format!("dtype={})", dtype.name()) };
    let last = text.len() - text.rfind('\n').map_or(0, |i| i + 1);
    text.push(',');
    if last + dtype.len() + 1 > options.line_width {
        text.push('\n');
        text.push_str(&" ".repeat(class.len() + 1));
    } else {
        text.push(' ');
    }
    text + &dtype
}

/// `str` of a scalar of a number dtype.
pub fn scalar_text(x: Scalar, dtype: DType) -> String {
    match x {
        Scalar::Bool(b) => if b { "True" } else { "False" }.into(),
        Scalar::Int(i) => i.to_string(),
        Scalar::UInt(u) => u.to_string(),
        Scalar::Float(x) => float::scalar(x, Width::of(dtype)),
        Scalar::Complex(re, im) => float::complex_scalar(re, im, Width::of(dtype)),
    }
}
