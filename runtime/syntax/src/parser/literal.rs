//! Number tokens to constants.

use super::*;

impl<'a> Parser<'a> {
    pub(super) fn number(&mut self, token: Token) -> R<Constant<'a>> {
        let text = self.text(token);
        let plain: std::borrow::Cow<'a, str> =
            if text.contains('_') { text.replace('_', "").into() } else { text.into() };
        let (digits, long) = match plain.strip_suffix(['l', 'L']) {
            Some(rest) if self.grammar.old_numbers => (rest, true),
            _ => (&*plain, false),
        };
        let lower = digits.as_bytes().get(1).map_or(0, |b| b.to_ascii_lowercase());
        let (digits, radix) = match (digits.as_bytes()[0], lower) {
            (b'0', b'x') => (&digits[2..], 16),
            (b'0', b'o') => (&digits[2..], 8),
            (b'0', b'b') => (&digits[2..], 2),
            _ if digits.bytes().all(|b| b.is_ascii_digit()) => {
                let octal = self.grammar.old_numbers && digits.len() > 1 && digits.starts_with('0');
                (digits, if octal { 8 } else { 10 })
            }
            _ => return Ok(self.float(digits)),
        };
        if let Ok(value) = i64::from_str_radix(digits, radix) {
            return Ok(Constant::Int { value, long });
        }
        let digits = digits.trim_start_matches('0');
        if radix == 10 && !self.grammar.legacy && digits.len() > 4300 {
            let msg = format!(
                "Exceeds the limit (4300 digits) for integer string conversion: value has {} digits; use \
                 sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals \
                 to avoid decimal conversion limits.",
                digits.len()
            );
            return self.error(token.span, msg);
        }
        Ok(Constant::BigInt { digits: self.arena.alloc_str(digits), radix, long })
    }

    fn float(&self, digits: &str) -> Constant<'a> {
        let (digits, imaginary) = match digits.strip_suffix(['j', 'J']) {
            Some(rest) => (rest, true),
            None => (digits, false),
        };
        // The lexer has checked the form, which Rust's (correctly rounding) parser accepts.
        let value = digits.parse::<f64>().unwrap_or(f64::NAN);
        if imaginary { Constant::Imag(value) } else { Constant::Float(value) }
    }
}
