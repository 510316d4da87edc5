;; Looks for the end of a JSON array or object, 64 bytes at a time and without a branch per byte. container-scan.ts calls it;
;; after a change here, `npm run assemble` writes container-scan-program.ts anew.
;;
;; A block of 64 bytes becomes one bit per byte, the first byte in the lowest bit, so that questions about all of them are
;; integer arithmetic: which quotes are escaped, what lies between quotes. The four lines that make such a number stand here
;; three times because a call in the loop costs more than the loop.
(module
  ;; Bytes 0–3: how many brackets are open (i32). Bytes 4–7 (i32): 0 outside strings, 1 in a string, 2 in a string and behind a
  ;; backslash that escapes the next byte. From byte 64 on: the window, filled up to a whole block with white space.
  ;; One page of 64 KiB that cannot grow.
  (memory (export "memory") 1 1)

  ;; Scans $length bytes of the window, which begins in the state that bytes 0–7 describe.
  ;; Answers the index behind the bracket that closes the first open one; -1 when the window ends before it, and then bytes
  ;; 0–7 describe the state there; -2 when a backslash stands outside strings, where it escapes nothing.
  (func (export "scan") (param $length i32) (result i32)
    (local $depth i32)
    (local $at i32)             ;; where the block begins
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $quote v128) (local $backslash v128) (local $bracketBits v128) (local $bracket v128)
    (local $backslashes i64)
    (local $escapes i64)        ;; backslashes that escape, and the byte behind every even run of them
    (local $escaped i64)        ;; bytes behind a backslash that escapes
    (local $escapedNext i64)    ;; 1 when such a backslash was the last byte of the block before
    (local $quotes i64)         ;; that are not escaped
    (local $strings i64)        ;; from an opening quote to the byte before the closing one
    (local $inString i64)       ;; all ones when the block before ended in a string, else 0
    (local $brackets i64)       ;; outside strings
    (local $bit i32)
    (local $byte i32)
    (local.set $depth (i32.load (i32.const 0)))
    (local.set $inString (select (i64.const -1) (i64.const 0) (i32.load (i32.const 4))))
    (local.set $escapedNext (i64.extend_i32_u (i32.eq (i32.load (i32.const 4)) (i32.const 2))))
    (local.set $quote (i8x16.splat (i32.const 0x22)))
    (local.set $backslash (i8x16.splat (i32.const 0x5c)))
    (local.set $bracketBits (i8x16.splat (i32.const 0x26)))
    (local.set $bracket (i8x16.splat (i32.const 0x7f)))
    (block $windowEnds
      (loop $scanning
        (br_if $windowEnds (i32.ge_u (local.get $at) (local.get $length)))
        (local.set $a (v128.load offset=64 (local.get $at)))
        (local.set $b (v128.load offset=80 (local.get $at)))
        (local.set $c (v128.load offset=96 (local.get $at)))
        (local.set $d (v128.load offset=112 (local.get $at)))

        ;; A backslash that is escaped itself escapes nothing.
        (local.set $backslashes
          (i64.and
            (i64.or
              (i64.or
                (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $backslash))))
                (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $b) (local.get $backslash)))) (i64.const 16)))
              (i64.or
                (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $c) (local.get $backslash)))) (i64.const 32))
                (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $d) (local.get $backslash)))) (i64.const 48))))
            (i64.xor (local.get $escapedNext) (i64.const -1))))
        ;; Within a run of backslashes every other one escapes, beginning with the first. The subtraction carries through
        ;; each run, on top of a pattern of odd bits, and so leaves alternating bits that begin where the run does.
        (local.set $escapes
          (i64.xor
            (i64.sub
              (i64.or (i64.shl (local.get $backslashes) (i64.const 1)) (i64.const 0xaaaaaaaaaaaaaaaa))
              (local.get $backslashes))
            (i64.const 0xaaaaaaaaaaaaaaaa)))
        (local.set $escaped (i64.xor (local.get $escapes) (i64.or (local.get $backslashes) (local.get $escapedNext))))
        (local.set $escapedNext (i64.shr_u (i64.and (local.get $escapes) (local.get $backslashes)) (i64.const 63)))

        ;; The quotes that count.
        (local.set $quotes
          (i64.and
            (i64.or
              (i64.or
                (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $quote))))
                (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $b) (local.get $quote)))) (i64.const 16)))
              (i64.or
                (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $c) (local.get $quote)))) (i64.const 32))
                (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $d) (local.get $quote)))) (i64.const 48))))
            (i64.xor (local.get $escaped) (i64.const -1))))

        ;; Nine blocks out of ten of a long prompt lie within one string.
        (if (i64.ne (i64.const -1) (i64.and (local.get $inString) (i64.xor (local.get $quotes) (i64.const -1))))
          (then
            ;; Each bit becomes the parity of the quotes up to it.
            (local.set $strings (i64.xor (local.get $quotes) (i64.shl (local.get $quotes) (i64.const 1))))
            (local.set $strings (i64.xor (local.get $strings) (i64.shl (local.get $strings) (i64.const 2))))
            (local.set $strings (i64.xor (local.get $strings) (i64.shl (local.get $strings) (i64.const 4))))
            (local.set $strings (i64.xor (local.get $strings) (i64.shl (local.get $strings) (i64.const 8))))
            (local.set $strings (i64.xor (local.get $strings) (i64.shl (local.get $strings) (i64.const 16))))
            (local.set $strings (i64.xor (local.get $strings) (i64.shl (local.get $strings) (i64.const 32))))
            (local.set $strings (i64.xor (local.get $strings) (local.get $inString)))
            (local.set $inString (i64.shr_s (local.get $strings) (i64.const 63)))

            (if (i64.ne (i64.const 0) (i64.and (local.get $backslashes) (i64.xor (local.get $strings) (i64.const -1))))
              (then (return (i32.const -2))))

            ;; The four brackets differ in three bits only; what else is the same without them is looked at again below.
            (local.set $brackets
              (i64.and
                (i64.or
                  (i64.or
                    (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (v128.or (local.get $a) (local.get $bracketBits)) (local.get $bracket))))
                    (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (v128.or (local.get $b) (local.get $bracketBits)) (local.get $bracket)))) (i64.const 16)))
                  (i64.or
                    (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (v128.or (local.get $c) (local.get $bracketBits)) (local.get $bracket)))) (i64.const 32))
                    (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (v128.or (local.get $d) (local.get $bracketBits)) (local.get $bracket)))) (i64.const 48))))
                (i64.xor (local.get $strings) (i64.const -1))))
            (block $noBracketLeft
              (loop $counting
                (br_if $noBracketLeft (i64.eqz (local.get $brackets)))
                (local.set $bit (i32.wrap_i64 (i64.ctz (local.get $brackets))))
                (local.set $brackets (i64.and (local.get $brackets) (i64.sub (local.get $brackets) (i64.const 1))))
                ;; Bit 5 is all that tells a bracket from its brace.
                (local.set $byte
                  (i32.or (i32.load8_u offset=64 (i32.add (local.get $at) (local.get $bit))) (i32.const 0x20)))
                (local.set $depth
                  (i32.sub
                    (i32.add (local.get $depth) (i32.eq (local.get $byte) (i32.const 0x7b)))
                    (i32.eq (local.get $byte) (i32.const 0x7d))))
                (br_if $counting (local.get $depth))
                (return (i32.add (i32.add (local.get $at) (local.get $bit)) (i32.const 1)))))))

        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br $scanning)))
    (i32.store (i32.const 0) (local.get $depth))
    (i32.store (i32.const 4)
      (select
        (i32.add (i32.const 1) (i32.wrap_i64 (local.get $escapedNext)))
        (i32.const 0)
        (i32.wrap_i64 (local.get $inString))))
    (i32.const -1)))
