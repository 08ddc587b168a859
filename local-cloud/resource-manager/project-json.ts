/** The project that the local cloud plays. */
export interface Project {
  id: string;
  /** Digits. */
  number: string;
  /** Milliseconds since the Unix epoch. */
  createdAtMs: number;
}

/** https://cloud.google.com/resource-manager/reference/rest/v1/projects */
export function projectV1({ id, number, createdAtMs }: Project): object {
  return {
    projectNumber: number,
    projectId: id,
    lifecycleState: 'ACTIVE',
    name: id,
    createTime: new Date(createdAtMs).toISOString(),
  };
}

/** https://cloud.google.com/resource-manager/reference/rest/v3/projects */
export function projectV3({ id, number, createdAtMs }: Project): object {
  const time = new Date(createdAtMs).toISOString();
  return {
    name: `projects/${number}`,
    projectId: id,
    state: 'ACTIVE',
    displayName: id,
    createTime: time,
    updateTime: time,
    etag: `W/"${createdAtMs.toString(16)}"`,
  };
}
