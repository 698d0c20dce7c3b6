;; Writes checked JSON bytes as the inside of a JSON string, eight at a time. Made into escapewasm.ts by: npm run wasm
;; What stands where in memory is escape.ts' to say.
(module
  (import "escape" "memory" (memory 1))
  (global $seen (mut v128) (v128.const i64x2 0 0))
  (global $controls (mut v128) (v128.const i64x2 0 0))

  ;; Writes the bytes from $from to before $end at $to, in eights: the last ones may be filled up with any bytes.
  ;; $spread has, for each of the 256 sets of bytes in eight that need a backslash, which byte goes where; byte 8 is the backslash.
  ;; Answers where the next byte goes.
  (func (export "escape") (param $from i32) (param $end i32) (param $to i32) (param $spread i32) (result i32)
    (local $bytes v128)
    (local $marks i32)
    (local $seen v128)
    (local $controls v128)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
        (local.set $bytes (v128.load64_zero (local.get $from)))
        (local.set $seen (v128.or (local.get $seen) (local.get $bytes)))
        (local.set $controls (v128.or (local.get $controls) (i8x16.lt_u (local.get $bytes) (i8x16.splat (i32.const 0x20)))))
        (local.set $marks
          (i32.and
            (i8x16.bitmask
              (v128.or
                (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x22)))
                (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x5c)))))
            (i32.const 0xff)))
        (v128.store
          (local.get $to)
          (i8x16.swizzle
            (i8x16.replace_lane 8 (local.get $bytes) (i32.const 0x5c))
            (v128.load (i32.add (local.get $spread) (i32.shl (local.get $marks) (i32.const 4))))))
        (local.set $to (i32.add (local.get $to) (i32.add (i32.const 8) (i32.popcnt (local.get $marks)))))
        (local.set $from (i32.add (local.get $from) (i32.const 8)))
        (br $next)))
    (global.set $seen (local.get $seen))
    (global.set $controls (local.get $controls))
    (local.get $to))

  ;; Of the last call: not 0 where a byte was not ASCII.
  (func (export "beyondAscii") (result i32)
    (i8x16.bitmask (global.get $seen)))

  ;; Of the last call: not 0 where a byte was a control, which needs a letter of its own.
  (func (export "controls") (result i32)
    (i32.and (i8x16.bitmask (global.get $controls)) (i32.const 0xff)))
)
