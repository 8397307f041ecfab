//! Errors, limits, long jumps, stored images.

use txpy_compiler::image::Image;
use txpy_compiler::{Options, compile_source, disasm, store, verify};
use txpy_syntax::{ErrorKind, Grammar, Mode, SourceKind, SyntaxError};

fn compile(source: &str, grammar: &Grammar) -> Result<Image, SyntaxError> {
    let image = compile_source(source.as_bytes(), Mode::Exec, SourceKind::File, grammar, &Options::default())?;
    verify::verify(&image).expect(source);
    Ok(image)
}

fn message(source: &str, grammar: &Grammar) -> String {
    compile(source, grammar).expect_err(source).msg
}

#[test]
fn errors_of_python_3() {
    for (source, msg) in [
        ("def f(x, x): pass", "duplicate argument 'x' in function definition"),
        ("def f(x):\n global x", "name 'x' is parameter and global"),
        ("def f():\n print(x)\n global x", "name 'x' is used prior to global declaration"),
        ("def f():\n x = 1\n global x", "name 'x' is assigned to before global declaration"),
        ("def f():\n nonlocal x", "no binding for nonlocal 'x' found"),
        ("nonlocal x", "nonlocal declaration not allowed at module level"),
        ("return 1", "'return' outside function"),
        ("class A:\n return 1", "'return' outside function"),
        ("break", "'break' outside loop"),
        ("while 1:\n def f():\n  continue", "'continue' not properly in loop"),
        ("yield 1", "'yield' outside function"),
        ("await x", "'await' outside function"),
        ("def f():\n await x", "'await' outside async function"),
        ("async def f():\n yield 1\n return 2", "'return' with value in async generator"),
        ("def f():\n from a import *", "import * only allowed at module level"),
        ("x = *a", "can't use starred expression here"),
        ("*a, *b = c", "multiple starred expressions in assignment"),
        ("try: pass\nexcept: pass\nexcept A: pass", "default 'except:' must be last"),
        ("__debug__ = 1", "cannot assign to __debug__"),
        ("[x := 1 for x in y]", "assignment expression cannot rebind comprehension iteration variable 'x'"),
        ("def f():\n return [x async for x in y]", "asynchronous comprehension outside of an asynchronous function"),
        ("match x:\n case a | 1: pass", "name capture 'a' makes remaining patterns unreachable"),
        ("match x:\n case 1 | a: pass", "alternative patterns bind different names"),
        ("x = 1\nfrom __future__ import division", "from __future__ imports must occur at the beginning of the file"),
    ] {
        assert_eq!(message(source, &Grammar::py3()), msg, "{source}");
    }
}

#[test]
fn errors_of_python_2() {
    for (source, msg) in [
        ("def f(x):\n global x", "name 'x' is local and global"),
        ("def f():\n yield 1\n return 2", "'return' with argument inside generator"),
        ("while 1:\n try: pass\n finally:\n  continue", "'continue' not supported inside 'finally' clause"),
        (
            "def f():\n x = 1\n def g():\n  return x\n exec 'a'",
            "unqualified exec is not allowed in function 'f' because it contains a nested function with free variables",
        ),
    ] {
        assert_eq!(message(source, &Grammar::py27()), msg, "{source}");
    }
}

#[test]
fn column_counts_characters() {
    let e = compile("'äö'; return 1", &Grammar::py3()).expect_err("return");
    assert_eq!((e.line, e.col, e.end_col), (1, 7, 15));
}

#[test]
fn too_many_blocks() {
    let nest = |n: usize| (0..n).map(|i| format!("{}while x:\n", " ".repeat(i))).collect::<String>() + &" ".repeat(n) + "pass\n";
    assert!(compile(&nest(20), &Grammar::py3()).is_ok());
    assert_eq!(message(&nest(21), &Grammar::py3()), "too many statically nested blocks");
}

/// Far more than 16 bits of code between a fused jump and its target.
#[test]
fn long_jumps() {
    let filler: String = (0..9000).map(|i| format!("            x = g(x, {i})\n")).collect();
    let source = format!("def f(x, n, xs):\n    for i in xs:\n        while x < n:\n{filler}            if x == 5: break\n        if x is xs: continue\n    return x\n");
    let image = compile(&source, &Grammar::py3()).expect("compiles");
    let text = disasm::disassemble(&image);
    assert!(text.contains("FORITER"), "a far FORLOOP becomes FORITER and LOOP");
    assert!(text.contains("LOOP       "), "a far LOOPLT becomes JNLT and LOOP");
}

#[test]
fn deep_trees_fit_the_stack() {
    let run = || {
        let py3 = Grammar::py3();
        let long_sum = format!("x = {}", vec!["a"; 20_000].join(" + "));
        assert!(compile(&long_sum, &py3).is_ok());
        let long_chain = format!("x = a{}", ".b(1)[0]".repeat(5_000));
        let image = compile(&long_chain, &py3).expect("chain");
        assert!(image.nregs < 40, "{} registers for a chain", image.nregs);
        for source in [
            format!("x = {}1{}", "(".repeat(150), ")".repeat(150)),
            format!("x = {}a", "not ".repeat(1000)),
            format!("x = {}a", "lambda: ".repeat(500)),
            format!("x = {}a", "b if c else ".repeat(2000)),
            format!("x = {}a{}", "[".repeat(150), "]".repeat(150)),
            format!("x = {}a", "b ** ".repeat(3000)),
        ] {
            // Either it compiles or it is refused; it must not overflow the stack.
            if let Err(e) = compile(&source, &py3) {
                assert!(matches!(e.kind, ErrorKind::TooComplex | ErrorKind::Syntax), "{e}");
            }
        }
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).expect("thread").join().expect("no overflow");
}

#[test]
fn too_many_names() {
    let names: String = (0..66_000).map(|i| format!("n{i} = 1\n")).collect();
    let e = compile(&names, &Grammar::py3()).expect_err("names");
    assert!(e.msg.starts_with("too many names"), "{e}");
    // Data are no problem.
    let data = format!("x = [{}]", (0..200_000).map(|i| format!("{i}.5")).collect::<Vec<_>>().join(","));
    assert!(compile(&data, &Grammar::py3()).is_ok());
    let calls = format!("x = [{}]", (0..70_000).map(|i| format!("f({i})")).collect::<Vec<_>>().join(","));
    assert!(compile(&calls, &Grammar::py3()).is_ok());
}

/// Every cut and many changed bytes are refused without a panic, with the checksum made right.
#[test]
fn corrupt_images() {
    let image = compile("def f(a, b=1):\n    try: return a + b\n    except E: pass\nclass A: x = 'ü', 1.5, 2j, b'x'\n", &Grammar::py3()).expect("compiles");
    let good = store::to_bytes(&image);
    assert_eq!(store::from_bytes(&good), Ok(image));
    for n in 0..good.len() {
        assert!(store::from_bytes(&good[..n]).is_err());
    }
    let fnv = |b: &[u8]| b.iter().fold(0xcbf2_9ce4_8422_2325u64, |h, &b| (h ^ b as u64).wrapping_mul(0x0100_0000_01b3));
    for i in 20..good.len() {
        for change in [1u8, 0x80, 0xFF] {
            let mut bad = good.clone();
            bad[i] ^= change;
            assert!(store::from_bytes(&bad).is_err());
            let sum = fnv(&bad[20..]).to_le_bytes();
            bad[12..20].copy_from_slice(&sum);
            // May be another valid image; must not panic, nor may the verifier.
            if let Ok(image) = store::from_bytes(&bad) {
                let _ = verify::verify(&image);
            }
        }
    }
}
