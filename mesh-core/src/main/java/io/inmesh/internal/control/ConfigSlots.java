package io.inmesh.internal.control;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigSource;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.internal.time.Mailbox;
import io.inmesh.internal.time.TimeSource;
import io.inmesh.model.MeshConfig;
import io.inmesh.observe.MeshObserver;
import io.inmesh.observe.SourceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All configuration sources and what is good of them together. Control thread only, but for {@link #watch}. */
final class ConfigSlots {
    private final List<ConfigSlot> slots;
    private final ControlSettings settings;
    private final TimeSource time;
    private final ProblemReport report;
    private final MeshObserver observer;
    private final BooleanSupplier running;
    private final Runnable changed;

    /** Null after a part has changed. */
    private @Nullable MeshConfig merged;

    private boolean closed;

    /**
     * Makes slots that hear nothing until they are watched.
     *
     * @param running whether there is a good configuration already; before that refusals end the start and are told there
     * @param changed told on the control thread when a source has said something new
     */
    ConfigSlots(
            List<ConfigSource> sources,
            ControlSettings settings,
            TimeSource time,
            ProblemReport report,
            MeshObserver observer,
            BooleanSupplier running,
            Runnable changed) {
        this.slots = sources.stream()
                .map(source -> new ConfigSlot(source, settings.failFast()))
                .toList();
        this.settings = settings;
        this.time = time;
        this.report = report;
        this.observer = observer;
        this.running = running;
        this.changed = changed;
    }

    void watch(Executor control) {
        for (ConfigSlot slot : slots) {
            slot.watch(new Mailbox<>(control, update -> take(slot, update)));
        }
    }

    private void take(ConfigSlot slot, ConfigUpdate update) {
        MeshConfig before = slot.inForce();
        Set<ConfigProblem> errorsBefore = Set.copyOf(slot.errors());
        if (closed || !slot.take(update, time.now())) {
            return;
        }
        if (update instanceof ConfigUpdate.Invalid invalid) {
            if (slot.makesDo()) {
                report.makesDo(slot.name(), invalid.problems());
            } else if (running.getAsBoolean()) {
                report.refused(slot.name(), invalid.problems());
            }
            observer.configRejected(slot.name(), invalid.problems());
        } else {
            tellRefusedObjects(slot, errorsBefore);
        }
        if (slot.inForce() != before) {
            merged = null;
        }
        changed.run();
    }

    /** The other objects go on changing beside a refused one, which is told of once and not with each of their changes. */
    private void tellRefusedObjects(ConfigSlot slot, Set<ConfigProblem> errorsBefore) {
        List<ConfigProblem> errors = slot.errors();
        List<ConfigProblem> news =
                errors.stream().filter(error -> !errorsBefore.contains(error)).toList();
        if (!news.isEmpty()) {
            report.partlyRefused(slot.name(), news);
            observer.configRejected(slot.name(), news);
        } else if (errors.isEmpty() && !errorsBefore.isEmpty()) {
            report.accepted(slot.name());
        }
    }

    /** Whether every source has said something. */
    boolean heard() {
        return slots.stream().allMatch(ConfigSlot::heard);
    }

    /** Whether every source has said something usable. */
    boolean usable() {
        return slots.stream().allMatch(ConfigSlot::usable);
    }

    /** All good configurations together; the same object until one of them changes. Every source must be usable. */
    MeshConfig merged() {
        MeshConfig all = merged;
        if (all == null) {
            List<MeshConfig> parts = slots.stream().map(ConfigSlot::inForce).toList();
            all = new MeshConfig(
                    join(parts, MeshConfig::virtualServices),
                    join(parts, MeshConfig::destinationRules),
                    join(parts, MeshConfig::serviceEntries),
                    join(parts, MeshConfig::workloadEntries),
                    join(parts, MeshConfig::gateways),
                    join(parts, MeshConfig::authorizationPolicies),
                    join(parts, MeshConfig::requestAuthentications));
            merged = all;
        }
        return all;
    }

    private static <T> List<T> join(List<MeshConfig> parts, Function<MeshConfig, List<T>> list) {
        return parts.stream().flatMap(part -> list.apply(part).stream()).toList();
    }

    /** Whether a configuration is that of this moment. */
    boolean isNewest(MeshConfig config) {
        return config == merged;
    }

    /** What the sources complain of, and which of them have said nothing. */
    List<ConfigProblem> problems() {
        List<ConfigProblem> problems = new ArrayList<>();
        for (ConfigSlot slot : slots) {
            problems.addAll(slot.heard() ? slot.problems() : List.of(ProblemReport.silent(slot.name(), settings)));
        }
        return problems;
    }

    /** For the line at start. */
    List<StartReport.Place> places() {
        return slots.stream().map(ConfigSlot::place).toList();
    }

    List<SourceStatus> status() {
        return slots.stream().map(ConfigSlot::status).toList();
    }

    void close() {
        closed = true;
        slots.forEach(ConfigSlot::close);
    }
}
