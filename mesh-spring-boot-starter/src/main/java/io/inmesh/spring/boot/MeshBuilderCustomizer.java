package io.inmesh.spring.boot;

import io.inmesh.Mesh;

/** Changes the mesh before it is built; beans of this type are called in order, after everything else was set. */
@FunctionalInterface
public interface MeshBuilderCustomizer {
    /** Called once. */
    void customize(Mesh.Builder builder);
}
