;; Lets its table grow until it is refused, then answers; one of more than 10 000 elements breaks it.
(table $elements 1 funcref)
(func $evaluate (param $asked i32) (result i32)
  (loop $more (br_if $more (i32.ne (table.grow $elements (ref.null func) (i32.const 100)) (i32.const -1))))
  (if (i32.gt_u (table.size $elements) (i32.const 10000)) (then unreachable))
  (call $zeros (i32.const 1)))
