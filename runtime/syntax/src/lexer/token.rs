//! Tokens: their kinds, declared once with spelling, and the keyword lookup.

use crate::ast::Span;
use crate::grammar::Grammar;

macro_rules! tokens {
    (keywords { $($kw:ident $word:literal),+ $(,)? } punctuation { $($p:ident $symbol:literal),+ $(,)? }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Tok {
            Name, Number, Str, FStart, FMiddle, FEnd, Newline, Indent, Dedent, End,
            /// The lexer stopped here; its error is kept beside the tokens.
            Error,
            $($kw,)+
            $($p,)+
        }

        impl Tok {
            /// How the token is written; empty for those without fixed spelling.
            pub fn spelling(self) -> &'static str {
                match self {
                    $(Tok::$kw => $word,)+
                    $(Tok::$p => $symbol,)+
                    _ => "",
                }
            }

            fn keyword(word: &str) -> Option<Tok> {
                match word {
                    $($word => Some(Tok::$kw),)+
                    _ => None,
                }
            }

            pub fn is_keyword(self) -> bool {
                matches!(self, $(Tok::$kw)|+)
            }
        }
    };
}

tokens! {
    keywords {
        False "False", None "None", True "True", And "and", As "as", Assert "assert", Async "async", Await "await",
        Break "break", Class "class", Continue "continue", Def "def", Del "del", Elif "elif", Else "else",
        Except "except", Finally "finally", For "for", From "from", Global "global", If "if", Import "import",
        In "in", Is "is", Lambda "lambda", Nonlocal "nonlocal", Not "not", Or "or", Pass "pass", Raise "raise",
        Return "return", Try "try", While "while", With "with", Yield "yield",
    }
    punctuation {
        LPar "(", RPar ")", LBracket "[", RBracket "]", LBrace "{", RBrace "}", Comma ",", Colon ":", Semi ";",
        Dot ".", Ellipsis "...", Plus "+", Minus "-", Star "*", DoubleStar "**", Slash "/", DoubleSlash "//",
        Percent "%", At "@", Amp "&", Bar "|", Caret "^", Tilde "~", LShift "<<", RShift ">>", Less "<",
        Greater ">", LessEqual "<=", GreaterEqual ">=", EqEqual "==", NotEqual "!=", Diamond "<>", Equal "=",
        Arrow "->", Walrus ":=", PlusEq "+=", MinusEq "-=", StarEq "*=", SlashEq "/=", DoubleSlashEq "//=",
        PercentEq "%=", AtEq "@=", AmpEq "&=", BarEq "|=", CaretEq "^=", LShiftEq "<<=", RShiftEq ">>=",
        DoubleStarEq "**=", Exclaim "!", Backquote "`",
    }
}

impl Tok {
    /// The token of an identifier-like word under a grammar.
    pub fn word(word: &str, grammar: &Grammar) -> Tok {
        if word.len() > 8 {
            return Tok::Name;
        }
        match Tok::keyword(word) {
            Some(Tok::True | Tok::False) if !grammar.true_keyword => Tok::Name,
            Some(Tok::Async | Tok::Await) if !grammar.async_await => Tok::Name,
            Some(Tok::Nonlocal) if !grammar.nonlocal => Tok::Name,
            Some(keyword) => keyword,
            None => Tok::Name,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub span: Span,
    /// Byte range in the decoded source.
    pub start: u32,
    pub end: u32,
    pub kind: Tok,
    /// Inside brackets (decides whether a missing comma is a likely cause of an error).
    pub nested: bool,
}
