// Between the loads of a turn and its products: what each lane loaded of A goes to the lanes that share its rows, and becomes x$(I)_$(Q), row I at the
// turn's value Q of k. A load own$(G)_$(V) holds ROWS_A rows at one k, or one row at STEP_A values of k.
#each G TM / (SHARE * ROWS_A)
#each V KU / STEP_A
#if QUAD
    let a$(G)_$(V)_0 = own$(G)_$(V);
    let a$(G)_$(V)_1 = quadSwapX(own$(G)_$(V));
    let a$(G)_$(V)_2 = quadSwapY(own$(G)_$(V));
    let a$(G)_$(V)_3 = quadSwapDiagonal(own$(G)_$(V));
#else
#each P SHARE
#if SHARE > 1
    let a$(G)_$(V)_$(P) = subgroupBroadcast(own$(G)_$(V), $(P)u);
#else
    let a$(G)_$(V)_$(P) = own$(G)_$(V);
#endif
#end
#endif
#end
#end
#each I TM
#each Q KU
#if WIDTH_A == 4
    let x$(I)_$(Q) = a$(I / (SHARE * ROWS_A))_$(Q / STEP_A)_$(I / ROWS_A % SHARE)[$(TRANSPOSE_A * (I % 4) + !TRANSPOSE_A * (Q % 4))];
#else
    let x$(I)_$(Q) = a$(I / SHARE)_$(Q)_$(I % SHARE);
#endif
#end
#end
