/**
 * The part of a compiled `mjModel` that the main thread needs: a plain copy, under MuJoCo's own field names.
 *
 * The worker makes it once per load (`sim/describe.ts`); the view, the API and the panels read it. Arrays keep
 * MuJoCo's layout (row-major, quaternions w first, SI units). Nothing here points into the wasm heap.
 */

/** Sizes copied from `mjModel`. */
export const MODEL_SIZES = [
  'nq',
  'nv',
  'nu',
  'na',
  'nbody',
  'njnt',
  'ngeom',
  'nsite',
  'ncam',
  'nlight',
  'nmesh',
  'nhfield',
  'ntex',
  'nmat',
  'ntendon',
  'nactuator',
  'nsensor',
  'nsensordata',
  'nkey',
  'neq',
  'nmocap',
  'nskin',
  'nflex',
  'nflexvert',
  'nwrap',
  'ntext',
] as const;

export const INT_ARRAYS = [
  'body_parentid',
  'body_rootid',
  'body_weldid',
  'body_mocapid',
  'body_jntadr',
  'body_jntnum',
  'body_geomadr',
  'body_geomnum',
  'body_dofnum',
  'jnt_type',
  'jnt_qposadr',
  'jnt_dofadr',
  'jnt_bodyid',
  'jnt_group',
  'geom_type',
  'geom_bodyid',
  'geom_dataid',
  'geom_matid',
  'geom_group',
  'geom_contype',
  'geom_conaffinity',
  'site_bodyid',
  'cam_mode',
  'cam_bodyid',
  'cam_targetbodyid',
  'cam_projection',
  'light_mode',
  'light_bodyid',
  'light_type',
  'light_texid',
  'mesh_vertadr',
  'mesh_vertnum',
  'mesh_faceadr',
  'mesh_facenum',
  'mesh_normaladr',
  'mesh_normalnum',
  'mesh_texcoordadr',
  'mesh_texcoordnum',
  'mesh_face',
  'mesh_facenormal',
  'mesh_facetexcoord',
  'mesh_graph',
  'mesh_graphadr',
  'hfield_nrow',
  'hfield_ncol',
  'hfield_adr',
  'skin_matid',
  'skin_group',
  'skin_vertadr',
  'skin_vertnum',
  'skin_faceadr',
  'skin_facenum',
  'skin_face',
  'skin_texcoordadr',
  'flex_dim',
  'flex_matid',
  'flex_group',
  'flex_vertadr',
  'flex_vertnum',
  'flex_texcoordadr',
  'flex_elemnum',
  'flex_shellnum',
  'flex_edgenum',
  'flex_vertbodyid',
  'tex_type',
  'tex_height',
  'tex_width',
  'tex_nchannel',
  'tex_adr',
  'tex_colorspace',
  'mat_texid',
  'actuator_trntype',
  'actuator_trnid',
  'actuator_ctrladr',
  'actuator_ctrlnum',
  'actuator_group',
  'actuator_dyntype',
  'sensor_type',
  'sensor_adr',
  'sensor_dim',
  'eq_type',
  'eq_obj1id',
  'eq_obj2id',
  'eq_objtype',
  'tendon_group',
  'tendon_matid',
] as const;

export const DOUBLE_ARRAYS = [
  'qpos0',
  'body_mass',
  'body_ipos',
  'jnt_range',
  'jnt_pos',
  'jnt_axis',
  'geom_size',
  'geom_rbound',
  'site_pos',
  'site_quat',
  'cam_fovy',
  'hfield_size',
  'mesh_pos',
  'mesh_quat',
  'actuator_ctrlrange',
  'tendon_range',
  'tendon_width',
  'flex_radius',
  'key_time',
  'key_qpos',
] as const;

export const FLOAT_ARRAYS = [
  'geom_rgba',
  'mat_rgba',
  'mat_emission',
  'mat_specular',
  'mat_shininess',
  'mat_reflectance',
  'mat_metallic',
  'mat_roughness',
  'mat_texrepeat',
  'light_attenuation',
  'light_cutoff',
  'light_exponent',
  'light_ambient',
  'light_diffuse',
  'light_specular',
  'light_bulbradius',
  'light_intensity',
  'light_range',
  'mesh_vert',
  'mesh_normal',
  'mesh_texcoord',
  'hfield_data',
  'skin_rgba',
  'skin_texcoord',
  'skin_inflate',
  'flex_rgba',
  'flex_texcoord',
  'tendon_rgba',
  'cam_sensorsize',
  'cam_intrinsic',
] as const;

/** Flags and bytes; MuJoCo's `mjtBool` arrays arrive as bytes. */
export const BYTE_ARRAYS = [
  'mat_texuniform',
  'light_castshadow',
  'light_active',
  'tex_data',
  'jnt_limited',
  'actuator_ctrllimited',
  'eq_active0',
  'flex_flatskin',
] as const;

/** Lists of names by kind; index is the object's id, an unnamed object has ''. */
export const NAMED = {
  body: ['nbody', 'name_bodyadr'],
  joint: ['njnt', 'name_jntadr'],
  geom: ['ngeom', 'name_geomadr'],
  site: ['nsite', 'name_siteadr'],
  camera: ['ncam', 'name_camadr'],
  light: ['nlight', 'name_lightadr'],
  actuator: ['nactuator', 'name_actuatoradr'],
  sensor: ['nsensor', 'name_sensoradr'],
  tendon: ['ntendon', 'name_tendonadr'],
  equality: ['neq', 'name_eqadr'],
  keyframe: ['nkey', 'name_keyadr'],
  material: ['nmat', 'name_matadr'],
  texture: ['ntex', 'name_texadr'],
  flex: ['nflex', 'name_flexadr'],
  text: ['ntext', 'name_textadr'],
} as const;

export type NamedKind = keyof typeof NAMED;

/** `mjVisual`, as numbers and number arrays, by group (`global`, `quality`, `headlight`, `map`, `scale`, `rgba`). */
export type Visual = Record<
  'global' | 'quality' | 'headlight' | 'map' | 'scale' | 'rgba',
  Record<string, number | number[]>
>;

export type ModelCopy = Record<(typeof MODEL_SIZES)[number], number> &
  Record<(typeof INT_ARRAYS)[number], Int32Array> &
  Record<(typeof DOUBLE_ARRAYS)[number], Float64Array> &
  Record<(typeof FLOAT_ARRAYS)[number], Float32Array> &
  Record<(typeof BYTE_ARRAYS)[number], Uint8Array> & {
    /** The model's own name (`<mujoco model="...">`), or ''. */
    readonly modelName: string;
    readonly names: Readonly<Record<NamedKind, readonly string[]>>;
    /** What the model's custom texts say (`<custom><text name="..." data="..."/>`). */
    readonly texts: readonly string[];
    readonly vis: Visual;
    /** `mjStatistic`: center in m (world), extent in m. */
    readonly stat: { readonly center: readonly number[]; readonly extent: number; readonly meansize: number };
    /** Physics options at load (`mjOption`), by MuJoCo's names. */
    readonly opt: Readonly<Record<string, number | readonly number[]>>;
    /** Capacities of the deformable sections in a frame, in vertices; flex faces come unindexed, three vertices each. */
    readonly nflexfacevert: number;
    readonly nskinvert: number;
    /** Per flex: first vertex of its faces in the frame's flex section. */
    readonly flex_faceadr: Int32Array;
    /** Texture coordinates of the flex faces, 2 per vertex, in the order of the frame's flex section. */
    readonly flex_facetexcoord: Float32Array;
  };
