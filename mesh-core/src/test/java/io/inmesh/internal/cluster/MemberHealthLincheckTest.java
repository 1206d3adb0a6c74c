package io.inmesh.internal.cluster;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever threads say of one member looks as if one after the other had said it: of two that agree one changes it. */
@Tag("lincheck")
public class MemberHealthLincheckTest {
    private final MemberHealth health = new MemberHealth();

    @Operation
    public boolean eject() {
        return health.change(false, true);
    }

    @Operation
    public boolean readmit() {
        return health.change(true, false);
    }

    @Operation
    public boolean ejected() {
        return health.ejected();
    }

    @Test
    void changesAreOneAfterTheOther() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(2)
                .iterations(10)
                .invocationsPerIteration(1_000)
                .check(MemberHealthLincheckTest.class);
    }
}
