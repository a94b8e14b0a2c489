;; The honest module: the first column must be at least 32 in. What other files leave out is
;; taken from here, function by function.

(func $realloc (param $old i32) (param $old_size i32) (param $align i32) (param $size i32) (result i32)
  (local $at i32)
  (local.set $at (call $allocate (local.get $size) (local.get $align)))
  (memory.copy (local.get $at) (local.get $old) (local.get $old_size))
  (local.get $at))

(func $describe (result i32) (i32.const 16))

;; Every value is zero, there is one text.
(func $derive (param $asked i32) (result i32)
  (call $zero_columns
    (i32.mul (i32.load offset=4 (local.get $asked)) (i32.load offset=12 (local.get $asked)))
    (i32.const 1024) (i32.const 1)))

;; The question: 4 number of rules, 12 number of rows, 24 the numbers.
(func $evaluate (param $asked i32) (result i32)
  (local $rows i32) (local $numbers i32) (local $row i32) (local $count i32) (local $measured f64)
  (local $row_list i32) (local $measured_list i32) (local $required_list i32)
  (local $ones i32) (local $facts i32) (local $zeros i32) (local $message i32)
  (local.set $rows (i32.load offset=12 (local.get $asked)))
  (local.set $numbers (i32.load offset=24 (local.get $asked)))
  (local.set $row_list (call $allocate (i32.mul (local.get $rows) (i32.const 4)) (i32.const 4)))
  (local.set $measured_list (call $allocate (i32.mul (local.get $rows) (i32.const 8)) (i32.const 8)))
  (local.set $required_list (call $allocate (i32.mul (local.get $rows) (i32.const 8)) (i32.const 8)))
  (local.set $facts (call $allocate (i32.mul (local.get $rows) (i32.const 8)) (i32.const 8)))
  (block $done
    (loop $next
      (br_if $done (i32.ge_u (local.get $row) (local.get $rows)))
      (local.set $measured (f64.load (i32.add (local.get $numbers) (i32.mul (local.get $row) (i32.const 8)))))
      (if (f64.lt (local.get $measured) (f64.const 0.8128))
        (then
          (i32.store (i32.add (local.get $row_list) (i32.mul (local.get $count) (i32.const 4)))
                     (local.get $row))
          (f64.store (i32.add (local.get $measured_list) (i32.mul (local.get $count) (i32.const 8)))
                     (local.get $measured))
          (f64.store (i32.add (local.get $required_list) (i32.mul (local.get $count) (i32.const 8)))
                     (f64.const 0.8128))
          (i64.store (i32.add (local.get $facts) (i32.mul (local.get $count) (i32.const 8)))
                     (i64.const 1))
          (local.set $count (i32.add (local.get $count) (i32.const 1)))))
      (local.set $row (i32.add (local.get $row) (i32.const 1)))
      (br $next)))
  (local.set $zeros (call $allocate (i32.mul (local.get $count) (i32.const 8)) (i32.const 8)))
  (local.set $ones (call $allocate (local.get $count) (i32.const 1)))
  (memory.fill (local.get $ones) (i32.const 1) (local.get $count))
  (local.set $message (call $allocate (i32.mul (local.get $count) (i32.const 4)) (i32.const 4)))
  (memory.fill (local.get $message) (i32.const 255) (i32.mul (local.get $count) (i32.const 4)))
  (call $list (i32.const 0) (local.get $zeros) (local.get $count))          ;; rule
  (call $list (i32.const 1) (local.get $row_list) (local.get $count))       ;; row
  (call $list (i32.const 2) (local.get $ones) (local.get $count))           ;; kind: fail
  (call $list (i32.const 3) (local.get $ones) (local.get $count))           ;; comparison: at least
  (call $list (i32.const 4) (local.get $zeros) (local.get $count))          ;; unit
  (call $list (i32.const 5) (local.get $measured_list) (local.get $count))  ;; measured
  (call $list (i32.const 6) (local.get $zeros) (local.get $count))          ;; tolerance
  (call $list (i32.const 7) (local.get $required_list) (local.get $count))  ;; required
  (call $list (i32.const 8) (local.get $facts) (local.get $count))          ;; facts
  (call $list (i32.const 9) (local.get $message) (local.get $count))        ;; message
  (call $list (i32.const 10) (i32.const 0) (i32.const 0))                   ;; arguments
  (call $list (i32.const 11) (local.get $zeros) (local.get $count))         ;; argument ends
  (i32.const 128))
