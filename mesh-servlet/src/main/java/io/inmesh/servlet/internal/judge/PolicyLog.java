package io.inmesh.servlet.internal.judge;

import io.inmesh.servlet.internal.arrival.Arrival;
import io.inmesh.servlet.internal.authorization.PolicyListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down which requests policies match that decide nothing: at level INFO to {@code io.inmesh.audit} and
 * {@code io.inmesh.dryrun}. Of a request it tells method, host and path, nothing else.
 */
public final class PolicyLog implements PolicyListener {
    private static final Logger AUDIT = LoggerFactory.getLogger("io.inmesh.audit");
    private static final Logger DRY_RUN = LoggerFactory.getLogger("io.inmesh.dryrun");

    @Override
    public void matched(String policy, String action, boolean dryRun, Arrival arrival) {
        Logger log = dryRun ? DRY_RUN : AUDIT;
        if (log.isInfoEnabled()) {
            log.info(
                    "policy {} of action {} matches {} {}{}",
                    policy,
                    action,
                    printable(arrival.head().method()),
                    printable(arrival.host()),
                    printable(arrival.path()));
        }
    }

    private static String printable(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> out.appendCodePoint(
                        Character.isISOControl(c)
                                        || Character.getType(c) == Character.FORMAT
                                        || Character.getType(c) == Character.LINE_SEPARATOR
                                        || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
                                ? '?'
                                : c));
        return out.toString();
    }
}
