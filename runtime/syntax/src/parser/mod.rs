//! The parser: recursive descent over the token vector, with precedence climbing for operators.
//!
//! Like CPython it runs twice on bad input: the first pass finds the place, the second ("diagnosing") also tries
//! the rules that explain common mistakes. Recursion is counted; chains (operators, attributes, `elif`) are loops.

mod atom;
mod compound;
mod diagnose;
mod expr;
mod fstring;
mod literal;
mod params;
mod pattern;
mod stmt;
mod string;
mod target;

use crate::ast::*;
use crate::error::{ErrorKind, Fault, SyntaxError};
use crate::grammar::{FutureFlags, Grammar, Mode};
use crate::lexer::decode::{Encoding, decode};
use crate::lexer::token::{Tok, Token};
use crate::lexer::{LexError, Lexed, Rank, lex};
use crate::{Options, SourceKind};

/// Bound of the parser's own recursion: a level takes up to 4 KiB of native stack in a debug build, so that 2 MiB
/// suffice, and CPython's 200 brackets or 150 f-strings fit.
const MAX_DEPTH: u32 = 400;

type R<T> = Result<T, Box<Fault>>;

pub(crate) struct Parser<'a> {
    arena: &'a Arena,
    src: &'a str,
    encoding: Encoding,
    tokens: Vec<Token>,
    pos: usize,
    /// The greatest `pos` so far: where a plain "invalid syntax" is reported.
    farthest: usize,
    grammar: Grammar,
    flags: FutureFlags,
    depth: u32,
    height: u32,
    blocks: u32,
    max_blocks: u32,
    diagnosing: bool,
    lex_error: Option<LexError>,
    warnings: Vec<Warning<'a>>,
}

/// Parses the bytes of a file.
///
/// Errors: those of the lexer, the parser and the decoder, worded as CPython's. The tree is bounded in depth only
/// by the length of chains; compare [`Tree::height`] with what the consumer can recurse.
pub fn parse<'a>(arena: &'a Arena, source: &[u8], mode: Mode, grammar: &Grammar) -> Result<Tree<'a>, SyntaxError> {
    let options = Options {
        mode,
        grammar,
        source_kind: SourceKind::File,
        filename: "<string>",
        flags: FutureFlags::default(),
    };
    parse_with(arena, source, &options)
}

/// Parses with every choice given, see [`parse`].
pub fn parse_with<'a>(arena: &'a Arena, source: &[u8], options: &Options) -> Result<Tree<'a>, SyntaxError> {
    let decoded = decode(source, options)?;
    let legacy = options.grammar.legacy;
    let mut text: &str = arena.alloc_str(&decoded.text);
    if text.len() > u32::MAX as usize / 2 {
        return Err(Fault::new(ErrorKind::TooComplex, "source too large", Span::default()).finish("", legacy));
    }
    if options.mode == Mode::Eval {
        // Leading blanks of an expression are no indentation.
        text = text.trim_start_matches([' ', '\t']);
    }
    let Lexed { tokens, error } = lex(text, options.grammar);
    let mut parser = Parser {
        arena,
        src: text,
        encoding: decoded.encoding,
        tokens,
        pos: 0,
        farthest: 0,
        grammar: *options.grammar,
        flags: FutureFlags::default(),
        depth: 0,
        height: 0,
        blocks: 0,
        max_blocks: 0,
        diagnosing: false,
        lex_error: error,
        warnings: Vec::new(),
    };
    parser.apply_flags(options.flags);
    let body = match parser.file(options.mode) {
        Ok(body) => body,
        Err(first) => {
            let fault = parser.explain(*first, options);
            return Err(fault.finish(text, legacy));
        }
    };
    Ok(Tree {
        mode: options.mode,
        body,
        flags: parser.flags,
        height: parser.height + parser.max_blocks,
        source: text,
        encoding: decoded.declared.map(Encoding::name),
        warnings: parser.list(&parser.warnings),
    })
}

impl Fault {
    pub(crate) fn new(kind: ErrorKind, msg: impl Into<String>, span: Span) -> Fault {
        Fault { kind, msg: msg.into(), span, incomplete: false, generic: false }
    }
}

impl<'a> Parser<'a> {
    fn file(&mut self, mode: Mode) -> R<&'a [Stmt<'a>]> {
        match mode {
            Mode::Exec => self.module(),
            Mode::Eval => {
                let start = self.span();
                let value = self.eval_expressions()?;
                while self.accept(Tok::Newline) {}
                self.expect(Tok::End)?;
                let value = self.alloc(value);
                Ok(self.list(&[Stmt { span: start.to(value.span), kind: StmtKind::Expr(value) }]))
            }
            Mode::Single => self.interactive(),
        }
    }

    /// Chooses the error to show: the second pass's, or the lexer's if it outranks the parser's.
    fn explain(&mut self, first: Fault, options: &Options) -> Fault {
        let (at, incomplete) = (self.farthest, first.incomplete || self.input_ended());
        let mut fault = first;
        if fault.generic && !self.grammar.legacy && self.tokens[at].kind != Tok::Error {
            self.pos = 0;
            self.depth = 0;
            self.blocks = 0;
            self.diagnosing = true;
            self.flags = FutureFlags::default();
            self.grammar = *options.grammar;
            self.apply_flags(options.flags);
            if let Err(second) = self.file(options.mode) {
                if !second.generic {
                    fault = *second;
                }
            }
            if fault.generic {
                match self.tokens[at].kind {
                    Tok::Indent => fault = Fault::new(ErrorKind::Indentation, "unexpected indent", self.tokens[at].span),
                    Tok::Dedent => fault = Fault::new(ErrorKind::Indentation, "unexpected unindent", self.tokens[at].span),
                    _ => {}
                }
                if fault.kind == ErrorKind::Indentation {
                    let Span { line, end_col, .. } = self.tokens[at].span;
                    fault.span = Span { line, col: end_col.saturating_sub(1), end_line: line, end_col };
                }
            }
        } else if fault.generic && self.grammar.legacy && self.tokens[at].kind == Tok::Indent {
            fault = Fault::new(ErrorKind::Indentation, "unexpected indent", self.tokens[at].span);
        }
        if let Some(lex_error) = &self.lex_error {
            let outranks = match lex_error.rank {
                Rank::Strong => true,
                Rank::Unclosed(line) => fault.span.end_line.max(self.tokens[at].span.line) > line,
                Rank::Weak => false,
            };
            let at_end = self.tokens[at..].iter().all(|t| matches!(t.kind, Tok::Newline | Tok::Dedent | Tok::End));
            if (self.tokens[at].kind == Tok::Error || at_end && lex_error.rank == Rank::Weak) && fault.generic || outranks && fault.kind == ErrorKind::Syntax {
                fault = lex_error.fault.clone();
                return fault;
            }
        }
        fault.incomplete |= incomplete;
        fault
    }

    /// Whether parsing failed at the very end of the text.
    fn input_ended(&self) -> bool {
        let rest = &self.tokens[self.farthest.min(self.tokens.len() - 1)..];
        rest.iter().all(|t| matches!(t.kind, Tok::Newline | Tok::Dedent | Tok::End))
            && !matches!(rest[0].kind, Tok::Newline)
    }

    /// Puts future flags in force.
    fn apply_flags(&mut self, flags: FutureFlags) {
        self.flags = flags;
        if self.grammar.legacy {
            if flags.print_function {
                self.grammar.print_statement = false;
            }
            if flags.unicode_literals {
                self.grammar.byte_literals = false;
            }
        }
        if flags.barry_as_FLUFL && !self.grammar.legacy {
            self.grammar.diamond = true;
        }
    }

    // Tokens.

    fn kind(&self) -> Tok {
        self.tokens[self.pos].kind
    }

    fn ahead(&self, n: usize) -> Tok {
        self.tokens.get(self.pos + n).map_or(Tok::End, |t| t.kind)
    }

    fn at(&self, kind: Tok) -> bool {
        self.kind() == kind
    }

    fn token(&self) -> Token {
        self.tokens[self.pos]
    }

    fn span(&self) -> Span {
        self.tokens[self.pos].span
    }

    fn prev_span(&self) -> Span {
        self.tokens[self.pos.saturating_sub(1)].span
    }

    /// The last token that is more than layout: where CPython ends a compound statement (even after a `;`).
    fn last_span(&self) -> Span {
        let layout = |t: &&Token| matches!(t.kind, Tok::Newline | Tok::Indent | Tok::Dedent);
        self.tokens[..self.pos].iter().rev().find(|t| !layout(t)).map_or(Span::default(), |t| t.span)
    }

    fn text(&self, token: Token) -> &'a str {
        &self.src[token.start as usize..token.end as usize]
    }

    /// Steps over the current token (never over the last one).
    fn bump(&mut self) -> Token {
        let token = self.tokens[self.pos];
        if self.pos + 1 < self.tokens.len() {
            self.pos += 1;
            if self.pos > self.farthest && !self.diagnosing {
                self.farthest = self.pos;
            }
        }
        token
    }

    fn accept(&mut self, kind: Tok) -> bool {
        let found = self.at(kind);
        if found {
            self.bump();
        }
        found
    }

    fn expect(&mut self, kind: Tok) -> R<Token> {
        if self.at(kind) { Ok(self.bump()) } else { self.fail() }
    }

    /// Python 3 says what it expected; 2.7 only "invalid syntax".
    fn expect_forced(&mut self, kind: Tok) -> R<Token> {
        if self.at(kind) {
            return Ok(self.bump());
        }
        if self.grammar.legacy || self.at(Tok::Error) {
            return self.fail();
        }
        let span = self.span();
        self.error(span, format!("expected '{}'", kind.spelling()))
    }

    /// An identifier.
    fn name(&mut self) -> R<&'a str> {
        if !self.at(Tok::Name) {
            if self.grammar.legacy && self.at(Tok::None) {
                let span = self.span();
                return self.error(span, "cannot assign to None");
            }
            return self.fail();
        }
        let text = self.text(self.token());
        if self.is_reserved(text) {
            return self.fail();
        }
        self.bump();
        Ok(self.identifier(text))
    }

    /// Words that are keywords in 2.7 only (`print` until a future import).
    fn is_reserved(&self, name: &str) -> bool {
        self.grammar.legacy
            && (name == "print" && self.grammar.print_statement || name == "exec" && self.grammar.exec_statement)
    }

    /// Normalises a name (PEP 3131: NFKC).
    fn identifier(&self, text: &'a str) -> &'a str {
        use unicode_normalization::UnicodeNormalization;
        if text.is_ascii() {
            return text;
        }
        let normal: String = text.nfkc().collect();
        if normal == text { text } else { self.arena.alloc_str(&normal) }
    }

    fn at_word(&self, word: &str) -> bool {
        self.at(Tok::Name) && self.text(self.token()) == word
    }

    // Errors.

    /// Plain "invalid syntax" at the farthest token.
    fn fail<T>(&mut self) -> R<T> {
        let token = self.tokens[self.farthest.max(self.pos).min(self.tokens.len() - 1)];
        let mut fault = Fault::new(ErrorKind::Syntax, "invalid syntax", token.span);
        if token.kind == Tok::End && self.grammar.legacy {
            fault.msg = "unexpected EOF while parsing".into();
        }
        fault.generic = true;
        Err(Box::new(fault))
    }

    fn error<T>(&self, span: Span, msg: impl Into<String>) -> R<T> {
        Err(Box::new(Fault::new(ErrorKind::Syntax, msg, span)))
    }

    /// Tries a rule; a failure leaves no trace but too deep nesting.
    fn attempt<T>(&mut self, rule: impl FnOnce(&mut Self) -> R<T>) -> R<Option<T>> {
        let (pos, depth, blocks) = (self.pos, self.depth, self.blocks);
        match rule(self) {
            Ok(value) => Ok(Some(value)),
            Err(fault) if fault.kind == ErrorKind::TooComplex => Err(fault),
            Err(_) => {
                (self.pos, self.depth, self.blocks) = (pos, depth, blocks);
                Ok(None)
            }
        }
    }

    /// Tries a rule without diagnosing, and goes back in any case unless it succeeds.
    fn attempt_plain<T>(&mut self, rule: impl FnOnce(&mut Self) -> R<T>) -> R<Option<T>> {
        let diagnosing = std::mem::replace(&mut self.diagnosing, true);
        let farthest = self.farthest;
        let result = self.attempt(|p| {
            p.diagnosing = false;
            rule(p)
        });
        self.farthest = farthest;
        self.diagnosing = diagnosing;
        result
    }

    fn enter(&mut self) -> R<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let msg = if self.grammar.legacy { "s_push: parser stack overflow" } else { "Parser stack overflowed - Python source too complex to parse" };
            return Err(Box::new(Fault::new(ErrorKind::TooComplex, msg, self.span())));
        }
        Ok(())
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    // Nodes.

    fn alloc<T: Copy>(&self, node: T) -> &'a T {
        self.arena.alloc(node)
    }

    fn list<T: Copy>(&self, nodes: &[T]) -> &'a [T] {
        if nodes.is_empty() { &[] } else { self.arena.alloc_slice_copy(nodes) }
    }

    /// An expression above children whose greatest height is `below`.
    fn expr(&mut self, span: Span, below: u32, kind: ExprKind<'a>) -> Expr<'a> {
        let height = below.saturating_add(1);
        self.height = self.height.max(height);
        Expr { span, height, kind }
    }

    fn constant(&mut self, span: Span, value: Constant<'a>) -> Expr<'a> {
        self.expr(span, 0, ExprKind::Constant { value, u_prefix: false })
    }
}

/// The greatest height in a list.
fn heights(list: &[Expr]) -> u32 {
    list.iter().map(|e| e.height).max().unwrap_or(0)
}

fn height(e: Option<&Expr>) -> u32 {
    e.map_or(0, |e| e.height)
}
