/**
 * NVIDIA's libraries for CUDA 12 as PyPI carries them, each with the hash of the file that was looked at: what ONNX Runtime's
 * CUDA provider links to. They are NVIDIA's, under NVIDIA's licence, and come from NVIDIA's own uploads.
 */

export interface LibraryPackage {
  readonly name: string
  readonly version: string
  readonly url: string
  readonly sha256: string
}

const host = 'https://files.pythonhosted.org/packages'

export const cudaPackages: readonly LibraryPackage[] = [
  {
    name: 'nvidia-cuda-runtime-cu12',
    version: '12.9.79',
    url: `${host}/bc/46/a92db19b8309581092a3add7e6fceb4c301a3fd233969856a8cbf042cd3c/nvidia_cuda_runtime_cu12-12.9.79-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl`,
    sha256: '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3',
  },
  {
    name: 'nvidia-cublas-cu12',
    version: '12.9.3.13',
    url: `${host}/7b/ea/9b6c36aef90766eebb4763aded157039e797ae9789c9c216e960d1d3cd47/nvidia_cublas_cu12-12.9.3.13-py3-none-manylinux_2_27_x86_64.whl`,
    sha256: 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72',
  },
  {
    name: 'nvidia-cufft-cu12',
    version: '11.4.1.4',
    url: `${host}/95/f4/61e6996dd20481ee834f57a8e9dca28b1869366a135e0d42e2aa8493bdd4/nvidia_cufft_cu12-11.4.1.4-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl`,
    sha256: 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28',
  },
  {
    name: 'nvidia-curand-cu12',
    version: '10.3.10.19',
    url: `${host}/31/44/193a0e171750ca9f8320626e8a1f2381e4077a65e69e2fb9708bd479e34a/nvidia_curand_cu12-10.3.10.19-py3-none-manylinux_2_27_x86_64.whl`,
    sha256: '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e',
  },
  {
    name: 'nvidia-nvjitlink-cu12',
    version: '12.9.86',
    url: `${host}/46/0c/c75bbfb967457a0b7670b8ad267bfc4fffdf341c074e0a80db06c24ccfd4/nvidia_nvjitlink_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl`,
    sha256: 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9',
  },
  {
    name: 'nvidia-cudnn-cu12',
    version: '9.28.0.42',
    url: `${host}/ce/64/56ce3cad192cc75b50da3be44e36741ba963c84d3d2ca10aaa5ec16c49c3/nvidia_cudnn_cu12-9.28.0.42-py3-none-manylinux_2_27_x86_64.whl`,
    sha256: '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375',
  },
]
