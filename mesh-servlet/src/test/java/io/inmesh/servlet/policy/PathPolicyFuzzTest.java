package io.inmesh.servlet.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.model.PathNormalization;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A path is refused, or rules, servlet containers and whoever it is sent on to read it in one way. */
class PathPolicyFuzzTest {
    private static final List<PathPolicy> POLICIES = List.of(
            PathPolicy.STRICT,
            PathPolicy.STRICT.removingParameters(),
            PathPolicy.STRICT.withNormalization(PathNormalization.NONE),
            PathPolicy.STRICT.withNormalization(PathNormalization.BASE),
            PathPolicy.STRICT.withNormalization(PathNormalization.DECODE_AND_MERGE_SLASHES),
            PathPolicy.STRICT
                    .withNormalization(PathNormalization.DECODE_AND_MERGE_SLASHES)
                    .removingParameters());

    @Test
    void readsNoPathInTwoWays() {
        PathFuzz fuzz = new PathFuzz(20_261_129);
        int let = 0;
        for (int i = 0; i < PathFuzz.TRIES; i++) {
            String path = fuzz.next();
            for (PathPolicy policy : POLICIES) {
                if (policy.problem(path) == null) {
                    let++;
                    assertOneReading(policy, path);
                }
            }
        }
        assertThat(let).as("paths that came in").isGreaterThan(PathFuzz.TRIES / 4);
    }

    private static void assertOneReading(PathPolicy policy, String path) {
        String canonical = policy.canonical(path);
        String sent = canonical.substring(0, PathNormalization.pathEnd(canonical));
        String written = path.substring(0, PathNormalization.pathEnd(path));

        assertThat(policy.problem(canonical)).as(path).isNull();
        assertThat(policy.canonical(canonical)).as(path).isEqualTo(canonical);
        assertThat(policy.judged(canonical))
                .as("%s by %s", path, policy)
                .isEqualTo(PathFuzz.asContainersReadIt(written))
                .isEqualTo(PathFuzz.asContainersReadIt(sent));
        assertThat(canonical.substring(sent.length())).as(path).isEqualTo(path.substring(written.length()));
        assertThat(canonical.chars().allMatch(c -> c > ' ' && c < 0x7f))
                .as(path)
                .isTrue();
    }
}
