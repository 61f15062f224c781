// What a turn loaded of B becomes y$(J)_$(Q), column J at the turn's value Q of k; then all products, in one expression a sum.
#each J TN
#each Q KU
#if WIDTH_B == 4 && TRANSPOSE_B
    let y$(J)_$(Q) = b$(J)_$(Q / 4)[$(Q % 4)];
#else
#if WIDTH_B == 4
    let y$(J)_$(Q) = b$(J / 4)_$(Q)[$(J % 4)];
#else
    let y$(J)_$(Q) = b$(J)_$(Q);
#endif
#endif
#end
#end
#each I TM
#each J TN
    s$(I)_$(J) = s$(I)_$(J)
#each Q KU
      + x$(I)_$(Q) * y$(J)_$(Q)
#end
    ;
#end
#end
