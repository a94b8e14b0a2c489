//! Small files with bytes changed at random, always the same ones: no input may panic, and whatever
//! is called good has to be readable.

use super::super::Step;
use super::{file, walk};

/// xorshift64* (Vigna 2016).
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % below
    }
}

#[test]
fn no_input_panics() {
    let seeds = [
        file("#1=IFCWALL('0x',$,*,(1.,-2.E5,#2),.T.,IFCLABEL('it''s'),\"0F\");\n#2=B();"),
        file("/* c */#1 = (A(1)/* ' */B('\n#3=C();'));\n#1=A(1.#QNAN,,)\n#70000000000=!X(\\N\\1);"),
        file(
            "#1=A('\\X2\\00E4\\X0\\\\S\\d\\X\\E4\\X4\\0001F600\\X0\\\\PB\\\\S\\9',(((1),2),3));\n#9=D(#1,#9);",
        ),
    ];
    let pieces: &[&[u8]] = &[
        b"'", b"''", b"/*", b"*/", b"(", b")", b";", b",", b"#", b"\n#5=", b"=", b"\\", b"\"",
        b".", b"$", b"\xFF", b"\0", b"ENDSEC;", b"DATA;", b"1.E999", b"nan", b"\\X2\\", b"\n",
    ];
    let mut random = Random(0x5EED_0F1C);
    for round in 0..6000 {
        let mut bytes = seeds[round % seeds.len()].clone();
        for _ in 0..=random.next(5) {
            let place = random.next(bytes.len() + 1);
            match random.next(4) {
                0 => bytes.truncate(place.max(20)),
                1 => {
                    if let Some(byte) = bytes.get_mut(place) {
                        *byte = random.next(256) as u8;
                    }
                }
                2 => {
                    let end = (place + random.next(12)).min(bytes.len());
                    bytes.drain(place..end);
                }
                _ => {
                    let piece = pieces[random.next(pieces.len())];
                    bytes.splice(place..place, piece.iter().copied());
                }
            }
        }
        if let Ok(step) = Step::parse(bytes.clone()) {
            walk(&step);
            let again = Step::parse(bytes).expect("the same file again");
            assert_eq!(step.diagnostics().kept(), again.diagnostics().kept());
        }
    }
}
