//! Deep and long sources: an error value or a tree, never a stack overflow.

use txpy_syntax::{Arena, ErrorKind, Grammar, Mode, Tree, SyntaxError, parse};

/// Parses in a thread with the smallest stack promised; answers height or error.
fn height(source: String, grammar: Grammar) -> Result<u32, SyntaxError> {
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    let run = move || {
        let arena = Arena::new();
        parse(&arena, source.as_bytes(), Mode::Exec, &grammar).map(|tree: Tree| tree.height)
    };
    thread.spawn(run).expect("thread").join().expect("no panic")
}

const N: usize = 100_000;

#[test]
fn nested_brackets() {
    for (open, close) in [("(", ")"), ("[", "]"), ("{", "}"), ("f(", ")"), ("x[", "]"), ("{1:", "}")] {
        let source = format!("{}1{}\n", open.repeat(N), close.repeat(N));
        let e = height(source.clone(), Grammar::py3()).unwrap_err();
        assert_eq!(e.msg, "too many nested parentheses", "{open}");
        let e = height(source, Grammar::py27()).unwrap_err();
        assert_eq!(e.kind, ErrorKind::TooComplex, "{open}");
    }
    let source = format!("{}1{}\n", "(".repeat(199), ")".repeat(199));
    assert!(height(source, Grammar::py3()).is_ok());
}

#[test]
fn recursion_without_brackets() {
    let nests = ["lambda: ", "x ** ", "x if lambda: ", "lambda x=lambda: 1: ", "await x ** "];
    for nest in nests {
        let e = height(format!("{}1\n", nest.repeat(N)), Grammar::py3()).unwrap_err();
        assert!(e.kind == ErrorKind::TooComplex || e.msg.contains("syntax"), "{nest}: {e}");
    }
    let e = height(format!("{}x\n", "`".repeat(N)), Grammar::py27()).unwrap_err();
    assert_eq!(e.kind, ErrorKind::TooComplex);
    let e = height(format!("def f{}:0\n", "(".repeat(N)), Grammar::py27()).unwrap_err();
    assert_eq!(e.kind, ErrorKind::TooComplex);
}

#[test]
fn nested_fstrings() {
    let source = format!("{}1{}\n", "f'{".repeat(N), "}'".repeat(N));
    assert_eq!(height(source, Grammar::py3()).unwrap_err().msg, "too many nested f-strings");
    let source = format!("{}1{}\n", "f'{".repeat(149), "}'".repeat(149));
    assert!(height(source, Grammar::py3()).is_ok());
    let e = height("f'{a:{b:{c:{d}}}}'\n".to_string(), Grammar::py3()).unwrap_err();
    assert_eq!(e.msg, "f-string: expressions nested too deeply");
}

#[test]
fn blocks() {
    let source: String = (0..120).map(|i| format!("{}if x:\n", " ".repeat(i))).collect();
    let e = height(source, Grammar::py3()).unwrap_err();
    assert_eq!((e.kind, e.msg.as_str()), (ErrorKind::Indentation, "too many levels of indentation"));
    let source = format!("match x:\n case {}1{}: pass\n", "(".repeat(150), ")".repeat(150));
    assert!(height(source, Grammar::py3()).is_ok());
}

#[test]
fn chains_parse_and_are_counted() {
    let chains = [
        ("x", ".a", N as u32),
        ("x", "()", N as u32),
        ("x", "[0]", N as u32),
        ("1", "+1", N as u32),
        ("1", "<1", 2),
        ("x", " or x", 2),
        ("x", " if x else x", N as u32),
        ("x", ",x", 2),
        ("'a'", " 'a'", 1),
    ];
    for (first, rest, at_least) in chains {
        let source = format!("{first}{}\n", rest.repeat(N));
        let height = height(source, Grammar::py3()).unwrap();
        assert!(height >= at_least && height <= at_least + 3, "{rest}: {height}");
    }
    for prefix in ["-", "not ", "~"] {
        let tree = height(format!("{}1\n", prefix.repeat(N)), Grammar::py27()).unwrap();
        assert!(tree > N as u32, "{prefix}");
    }
    let elifs = "elif x:\n pass\n".repeat(N);
    assert!(height(format!("if x:\n pass\n{elifs}"), Grammar::py3()).unwrap() < 10);
}
